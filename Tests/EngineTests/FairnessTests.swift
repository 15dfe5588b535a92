import Engine
import JSON
import Store
import Synchronization
import TestSupport
import Testing

@Suite("Workers that have more to do than they can", .database)
struct FairnessTests {
    /// How many are at something at once, and were at most.
    private final class Crowd: Sendable {
        private let counts = Mutex((now: 0, most: 0))

        var now: Int { counts.withLock { $0.now } }
        var most: Int { counts.withLock { $0.most } }

        func enter() {
            counts.withLock { counts in
                counts.now += 1
                counts.most = max(counts.most, counts.now)
            }
        }

        func leave() { counts.withLock { $0.now -= 1 } }
    }

    private func settings(capacity: Int) -> EngineSettings {
        var settings = EngineSettings()
        settings.capacity = capacity
        return settings
    }

    private func task(_ function: String, _ end: String = #""End":true"#) -> String {
        #"{"Type":"Task","Resource":"\#(EngineFixture.arn(function))",\#(end)}"#
    }

    @Test("take turns: a hundred loops that poll for ever keep nobody else from ending")
    func loops() async throws {
        let functions: [String: EngineFixture.Function] = ["poll": { $0 }, "quick": { $0 }]
        let fixture = try await EngineFixture.make(functions, settings: settings(capacity: 20))
        try await fixture.run { fixture in
            let loop = try await fixture.machine(
                #"{"StartAt":"P","States":{"P":\#(task("poll", #""Next":"C""#)),"C":{"Type":"Choice","Choices":[{"Variable":"$.done","IsPresent":true,"Next":"S"}],"Default":"P"},"S":{"Type":"Succeed"}}}"#
            )
            for _ in 0..<100 { _ = try await fixture.start(loop) }
            let quick = try await fixture.machine(
                #"{"StartAt":"A","States":{"A":\#(task("quick", #""Next":"B""#)),"B":\#(task("quick"))}}"#
            )
            for _ in 0..<3 {
                let id = try await fixture.start(quick)
                #expect(try await fixture.end(of: id).status == "SUCCEEDED")
            }
        }
    }

    @Test("use a place as soon as it comes free, although all others are taken for long")
    func oneFreePlace() async throws {
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        let crowd = Crowd()
        let long: EngineFixture.Function = { item in
            crowd.enter()
            for await _ in gate { break }
            return item
        }
        var settings = settings(capacity: 4)
        // Nothing but a free place has it look for work.
        settings.pollInterval = .seconds(3_600)
        let fixture = try await EngineFixture.make(["long": long, "quick": { $0 }], settings: settings)
        try await fixture.run { fixture in
            let slow = try await fixture.machine(#"{"StartAt":"A","States":{"A":\#(task("long"))}}"#)
            var ids: [ExecutionID] = []
            for _ in 0..<3 { ids.append(try await fixture.start(slow)) }
            while crowd.now < 3 { try await Task.sleep(for: .milliseconds(5)) }
            let quick = try await fixture.machine(#"{"StartAt":"A","States":{"A":\#(task("quick"))}}"#)
            try await withThrowingTaskGroup(of: ExecutionID.self) { group in
                for _ in 0..<30 { group.addTask { try await fixture.start(quick) } }
                for try await id in group { #expect(try await fixture.end(of: id).status == "SUCCEEDED") }
            }
            open.finish()
            for id in ids { #expect(try await fixture.end(of: id).status == "SUCCEEDED") }
        }
    }

    @Test("go on beside a Map whose iterations fill their function's places")
    func map() async throws {
        let crowd = Crowd()
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        let slow: EngineFixture.Function = { item in
            crowd.enter()
            if item == 0 { for await _ in gate { break } }
            while crowd.most < 8 { await Task.yield() }
            crowd.leave()
            return item
        }
        let fixture = try await EngineFixture.make(["slow": slow, "quick": { $0 }], places: ["slow": 8])
        try await fixture.run { fixture in
            let id = try await fixture.start(
                #"{"StartAt":"M","States":{"M":{"Type":"Map","MaxConcurrency":8,"End":true,"ItemProcessor":{"StartAt":"T","States":{"T":\#(task("slow"))}}}}}"#,
                input: "[\((0..<40).map(String.init).joined(separator: ","))]"
            )
            let quick = try await fixture.start(#"{"StartAt":"A","States":{"A":\#(task("quick"))}}"#)
            #expect(try await fixture.end(of: quick).status == "SUCCEEDED")
            open.yield()
            #expect(try await fixture.end(of: id).status == "SUCCEEDED")
            #expect(crowd.most == 8)
        }
    }

    @Test("share what is ready: none idles, and none takes more than it can hold")
    func share() async throws {
        let (first, second) = (Crowd(), Crowd())
        func function(of own: Crowd) -> EngineFixture.Function {
            { item in
                own.enter()
                // Ends only if both work at once, each on all that it can.
                while first.most < 5 || second.most < 5 { try? await Task.sleep(for: .milliseconds(5)) }
                own.leave()
                return item
            }
        }
        let one = try await EngineFixture.make(["meet": function(of: first)], settings: settings(capacity: 5))
        let two = try await EngineFixture.make(["meet": function(of: second)], settings: settings(capacity: 5))
        try await one.run { one in
            try await two.run { _ in
                let machine = try await one.machine(#"{"StartAt":"A","States":{"A":\#(task("meet"))}}"#)
                var ids: [ExecutionID] = []
                for _ in 0..<10 { ids.append(try await one.start(machine)) }
                for id in ids { #expect(try await one.end(of: id).status == "SUCCEEDED") }
                #expect(first.most == 5)
                #expect(second.most == 5)
            }
        }
    }
}
