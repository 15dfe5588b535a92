import Engine
import Foundation
import JSON
import Objects
import Postgres
import Store
import Synchronization
import Testing
import TestSupport

@Suite("A redriven Distributed Map", .database)
struct MapRunRedriveTests {
    /// A Map `M` whose children do `First`, which passes its input on, then the function `work`.
    private static func machine(_ fields: String = "", type: String = "STANDARD") -> String {
        """
        {"StartAt": "M", "States": {"M": {"Type": "Map", "Label": "L", \(fields.isEmpty ? "" : fields + ",")
            "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "\(type)"},
            "StartAt": "First", "States": {"First": {"Type": "Task", "Resource": "\(EngineFixture.arn("first"))",
            "Next": "Work"}, "Work": {"Type": "Task", "Resource": "\(EngineFixture.arn("work"))", "End": true}}},
            "End": true}}}
        """
    }

    /// How often each item was worked on, by function; `work` fails below 10 until it is told otherwise.
    private final class Calls: Sendable {
        let first = Mutex<[Int: Int]>([:])
        let work = Mutex<[Int: Int]>([:])
        let fails = Mutex(true)

        var functions: [String: EngineFixture.Function] {
            let pass: EngineFixture.Function = { item in
                self.first.withLock { $0[item.int ?? -1, default: 0] += 1 }
                return item
            }
            let double: EngineFixture.Function = { item throws(EngineFixture.FunctionFailure) in
                let number = item.int ?? -1
                self.work.withLock { $0[number, default: 0] += 1 }
                if number < 10, self.fails.withLock({ $0 }) { throw EngineFixture.FunctionFailure(error: "E") }
                return .number(JSONNumber(number * 2))
            }
            return ["first": pass, "work": double]
        }
    }

    private func events(
        of id: ExecutionID,
        _ fixture: EngineFixture
    ) async throws -> [(id: Int, previous: Int, type: String)] {
        let rows = try await fixture.store.pool.query(
            """
            SELECT event_id, previous_event_id, type FROM braid.execution_history
            WHERE execution_id = $1 ORDER BY event_id
            """,
            [.uuid(id.value)]
        )
        return try rows.map { (try $0[0], try $0[1], try $0[2]) }
    }

    @Test("repeats no child that succeeded, and begins those that never began")
    func goesOn() async throws {
        let calls = Calls()
        let fixture = try await EngineFixture.make(calls.functions)
        try await fixture.run { fixture in
            let machine = Self.machine(#""MaxConcurrency": 1"#)
            let id = try await fixture.start(machine, input: "[10,11,2,13,14]")
            #expect(try await fixture.end(of: id).error == "States.ExceedToleratedFailureThreshold")
            let failed = try await fixture.onlyMapRun(of: id)
            #expect(failed.status == .failed)
            calls.fails.withLock { $0 = false }

            try await fixture.redrive(id)
            let end = try await fixture.end(of: id)
            #expect(end.output == "[20,22,4,26,28]", "\(end)")
            let run = try await fixture.onlyMapRun(of: id)
            #expect(run.id == failed.id)
            #expect(run.status == .succeeded)
            #expect(run.redriveCount == 1)
            #expect(run.redrivenAt != nil)
            #expect(run.counts.executions.succeeded == 5)
            #expect(run.counts.executions.total == 5)
            #expect(run.counts.items.total == 5)
            // It goes on in the state that failed.
            #expect(calls.first.withLock { $0 } == [10: 1, 11: 1, 2: 1, 13: 1, 14: 1])
            #expect(calls.work.withLock { $0 } == [10: 1, 11: 1, 2: 2, 13: 1, 14: 1])

            let events = try await events(of: id, fixture)
            let place = try #require(events.firstIndex { $0.type == "MapRunRedriven" })
            #expect(events[place - 1].type == "ExecutionRedriven")
            #expect(events[place].previous == events[place - 1].id)
            #expect(events[place + 1].type == "MapRunSucceeded")
            #expect(events[place + 1].previous == events[place].id)
            #expect(events.map(\.id) == Array(1...events.count))
        }
    }

    @Test("runs EXPRESS children whole again that failed, at the places they had", arguments: [false, true])
    func expressAgain(inBatches: Bool) async throws {
        let calls = Calls()
        var functions = calls.functions
        if inBatches {
            let first: EngineFixture.Function = { $0["Items"]?.array?.first ?? .null }
            functions["first"] = first
        }
        let fixture = try await EngineFixture.make(functions)
        try await fixture.run { fixture in
            let batcher = inBatches ? #", "ItemBatcher": {"MaxItemsPerBatch": 2}"# : ""
            let fields = #""ToleratedFailurePercentage": 10"# + batcher
            let id = try await fixture.start(Self.machine(fields, type: "EXPRESS"), input: "[10,11,2,3,14,15]")
            #expect(try await fixture.end(of: id).error == "States.ExceedToleratedFailureThreshold")
            let failed = try await fixture.onlyMapRun(of: id).counts
            #expect(failed.executions.failed == (inBatches ? 1 : 2))
            #expect(failed.items.failed == 2)
            calls.fails.withLock { $0 = false }

            try await fixture.redrive(id)
            let end = try await fixture.end(of: id)
            #expect(end.output == (inBatches ? "[20,4,28]" : "[20,22,4,6,28,30]"), "\(end)")
            let run = try await fixture.onlyMapRun(of: id)
            #expect(run.counts.items.succeeded == 6)
            #expect(run.counts.items.total == 6)
            #expect(run.counts.executions.total == (inBatches ? 3 : 6))
            let works = calls.work.withLock { $0 }
            #expect(works[2] == 2)
            // One that still ran when the run failed has not succeeded, and runs again as well.
            let hadAllEnded = failed.executions.succeeded == (inBatches ? 2 : 4)
            for item in [10, 14] { #expect(works[item] == 1 || (works[item] == 2 && !hadAllEnded)) }
        }
    }

    @Test("keeps what EXPRESS children give that run again while others of them still run")
    func expressByPages() async throws {
        let fails = Mutex(true)
        let isOpen = Mutex(false)
        let work: EngineFixture.Function = { item throws(EngineFixture.FunctionFailure) in
            let fails = fails.withLock { $0 }
            while item == 2, !isOpen.withLock({ $0 }), !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(5))
            }
            if fails { throw EngineFixture.FunctionFailure(error: "E") }
            return item
        }
        let pass: EngineFixture.Function = { $0 }
        let fixture = try await EngineFixture.make(["work": work, "first": pass])
        try await fixture.run { fixture in
            let fields = #""MaxConcurrency": 4, "ToleratedFailureCount": 1"#
            let machine = Self.machine(fields, type: "EXPRESS")
            let id = try await fixture.start(machine, input: "[1,2]")
            try await eventually { try await fixture.onlyMapRun(of: id).counts.executions.failed == 1 }
            isOpen.withLock { $0 = true }
            #expect(try await fixture.end(of: id).error == "States.ExceedToleratedFailureThreshold")
            fails.withLock { $0 = false }
            isOpen.withLock { $0 = false }

            try await fixture.redrive(id)
            try await eventually { try await fixture.onlyMapRun(of: id).counts.executions.succeeded == 1 }
            let run = try await fixture.onlyMapRun(of: id)
            #expect(run.status == .running)
            #expect(run.pendingRedrive.executions.failed == 1)
            isOpen.withLock { $0 = true }
            #expect(try await fixture.end(of: id).output == "[1,2]")
        }
    }

    @Test("goes on with EXPRESS children whatever characters their results have")
    func characters() async throws {
        let calls = Calls()
        let fixture = try await EngineFixture.make(calls.functions)
        try await fixture.run { fixture in
            let id = try await fixture.start(Self.machine(type: "EXPRESS"), input: #"["\u0000"]"#)
            #expect(try await fixture.end(of: id).error == "States.ExceedToleratedFailureThreshold")
            calls.fails.withLock { $0 = false }
            try await fixture.redrive(id)
            #expect(try await fixture.end(of: id).output == "[-2]")
        }
    }

    @Test("counts what fails again, and can be redriven again", arguments: ["STANDARD", "EXPRESS"])
    func failsAgain(type: String) async throws {
        let calls = Calls()
        let fixture = try await EngineFixture.make(calls.functions)
        try await fixture.run { fixture in
            let machine = Self.machine(#""ToleratedFailureCount": 1"#, type: type)
            let id = try await fixture.start(machine, input: "[1,2,3,14]")
            let threshold = "States.ExceedToleratedFailureThreshold"
            #expect(try await fixture.end(of: id).error == threshold)
            try await fixture.redrive(id)
            #expect(try await fixture.end(of: id).error == threshold)
            let failed = try await fixture.onlyMapRun(of: id)
            #expect(failed.redriveCount == 1)
            #expect(failed.counts.executions.total == failed.children)
            #expect(failed.pendingRedrive == MapRunCounts())
            calls.fails.withLock { $0 = false }

            try await fixture.redrive(id)
            let end = try await fixture.end(of: id)
            #expect(end.output == "[2,4,6,28]", "\(end)")
            let run = try await fixture.onlyMapRun(of: id)
            #expect(run.redriveCount == 2)
            #expect(run.counts.executions.succeeded == 4)
            #expect(run.counts.executions.total == 4)
        }
    }

    @Test("goes on with what was stopped with its execution")
    func stopped() async throws {
        let began = Mutex(0)
        let waits = Mutex(true)
        let work: EngineFixture.Function = { item in
            began.withLock { $0 += 1 }
            while waits.withLock({ $0 }), !Task.isCancelled { try? await Task.sleep(for: .milliseconds(5)) }
            return item
        }
        let pass: EngineFixture.Function = { $0 }
        let fixture = try await EngineFixture.make(["work": work, "first": pass])
        try await fixture.run { fixture in
            let id = try await fixture.start(Self.machine(#""MaxConcurrency": 3"#), input: "[1,2,3,4,5]")
            try await eventually { began.withLock { $0 } == 3 }
            _ = try await fixture.engine.stopExecution(id, error: nil, cause: nil)
            waits.withLock { $0 = false }
            #expect(try await fixture.onlyMapRun(of: id).counts.executions.aborted == 3)

            try await fixture.redrive(id)
            #expect(try await fixture.end(of: id).output == "[1,2,3,4,5]")
            let run = try await fixture.onlyMapRun(of: id)
            #expect(run.counts.executions.succeeded == 5)
            #expect(run.counts.executions.total == 5)
        }
    }

    @Test("is gone on with by another worker where the one that saw to it stopped", arguments: ["STANDARD", "EXPRESS"])
    func takenOver(type: String) async throws {
        let fails = Mutex(true)
        let isOpen = Mutex(false)
        let calls = Mutex(0)
        let work: EngineFixture.Function = { item throws(EngineFixture.FunctionFailure) in
            if fails.withLock({ $0 }) { throw EngineFixture.FunctionFailure(error: "E") }
            calls.withLock { $0 += 1 }
            while !isOpen.withLock({ $0 }), (calls.withLock { $0 }) > 20, !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(5))
            }
            return item
        }
        let pass: EngineFixture.Function = { $0 }
        let functions = ["work": work, "first": pass]
        let started = Mutex<ExecutionID?>(nil)
        let first = try await EngineFixture.make(functions)
        try await first.run { fixture in
            let fields = #""ToleratedFailureCount": 59, "MaxConcurrency": 8"#
            let items = "[\((0..<60).map(String.init).joined(separator: ","))]"
            let id = try await fixture.start(Self.machine(fields, type: type), input: items)
            started.withLock { $0 = id }
            _ = try await fixture.end(of: id)
            fails.withLock { $0 = false }
            try await fixture.redrive(id)
            try await eventually { calls.withLock { $0 } > 20 }
            isOpen.withLock { $0 = true }
        }
        let id = try #require(started.withLock { $0 })
        let second = try await EngineFixture.make(functions)
        try await second.run { fixture in
            let end = try await fixture.end(of: id)
            let outputs = end.output.flatMap { JSONText(trusted: $0).value.array?.compactMap(\.int) }
            #expect(outputs == Array(0..<60), "\(end)")
            let counts = try await fixture.onlyMapRun(of: id).counts
            #expect(counts.items.succeeded == 60)
            #expect(counts.items.total == 60)
        }
    }

    @Test("leaves a child that is too old as it is, which still counts as a failure")
    func tooOld() async throws {
        let calls = Calls()
        let fixture = try await EngineFixture.make(calls.functions)
        try await fixture.run { fixture in
            let machine = Self.machine(#""ToleratedFailureCount": 2"#)
            let id = try await fixture.start(machine, input: "[1,2,3]")
            _ = try await fixture.end(of: id)
            _ = try await fixture.store.pool.query(
                """
                UPDATE braid.executions SET started_at = started_at - interval '400 days'
                WHERE map_run_id IS NOT NULL AND input = '2'
                """
            )
            calls.fails.withLock { $0 = false }
            try await fixture.redrive(id)
            let output = JSONText(trusted: try #require(try await fixture.end(of: id).output)).value.array
            #expect(output?.map(\.int) == [2, nil, 6])
            #expect(output?[1]["Error"]?.string == "E")
            let run = try await fixture.onlyMapRun(of: id)
            #expect(run.redrive.refused == 1)
            #expect(run.redrive.refusedItems == 1)
            #expect(run.counts.executions.failed == 1)
            #expect(run.counts.executions.succeeded == 2)
        }
    }

    @Test("shows which children wait for their turn")
    func waiting() async throws {
        let calls = Calls()
        let waits = Mutex(false)
        var functions = calls.functions
        let work = try #require(functions["work"])
        let held: EngineFixture.Function = { item throws(EngineFixture.FunctionFailure) in
            while waits.withLock({ $0 }), !Task.isCancelled { try? await Task.sleep(for: .milliseconds(5)) }
            return try await work(item)
        }
        functions["work"] = held
        let fixture = try await EngineFixture.make(functions)
        try await fixture.run { fixture in
            let fields = #""MaxConcurrency": 1, "ToleratedFailureCount": 2"#
            let id = try await fixture.start(Self.machine(fields), input: "[1,2,3,14]")
            _ = try await fixture.end(of: id)
            calls.fails.withLock { $0 = false }
            waits.withLock { $0 = true }
            try await fixture.redrive(id)
            try await eventually { try await fixture.onlyMapRun(of: id).pendingRedrive.executions.failed == 2 }
            let run = try await fixture.onlyMapRun(of: id)
            #expect(run.counts.executions.total == 0)
            #expect(run.openChildren == 1)
            let waiting = ChildFilter(statuses: [.failed], waits: true)
            let listed = try await fixture.store.listChildren(of: run, waiting, limit: 10)
            #expect(listed.count == 2)
            #expect(listed.allSatisfy { run.hasWaiting($0) })
            // Whoever does not hold the branch redrives nothing.
            let stranger = MapRunHolder(
                run: run.id,
                key: run.key,
                lease: Lease(worker: WorkerID(rawValue: 999_999), number: 1),
                number: 1
            )
            #expect(try await fixture.store.finishRedrive(by: stranger) == false)
            #expect(try await fixture.onlyMapRun(of: id).pendingRedrive == run.pendingRedrive)
            waits.withLock { $0 = false }
            #expect(try await fixture.end(of: id).output == "[2,4,6,28]")
        }
    }

    @Test("begins a new run where the first read nothing, or its results were too long")
    func newRun() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("braid-redrive-\(UUID().uuidString)")
        let bucket = folder.appendingPathComponent("b")
        try FileManager.default.createDirectory(at: bucket, withIntermediateDirectories: true)
        var settings = EngineSettings()
        settings.objects = DirectoryObjects(root: folder.path)
        let calls = Calls()
        calls.fails.withLock { $0 = false }
        let fixture = try await EngineFixture.make(calls.functions, settings: settings)
        try await fixture.run { fixture in
            let reader = """
                "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "b", "Key": "a.json"},
                  "ReaderConfig": {"InputType": "JSON"}}
                """
            let id = try await fixture.start(Self.machine(reader))
            #expect(try await fixture.end(of: id).error == "States.ItemReaderFailed")
            try Data("[1,2]".utf8).write(to: bucket.appendingPathComponent("a.json"))
            try await fixture.redrive(id)
            #expect(try await fixture.end(of: id).output == "[2,4]")
            let runs = try await fixture.store.listMapRuns(of: id, after: nil, limit: 10)
            #expect(Set(runs.map(\.status)) == [.failed, .succeeded])
            #expect(runs.allSatisfy { $0.redriveCount == 0 })
        }
    }

    /// Waits until something holds.
    private func eventually(_ holds: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while try await !holds() {
            try #require(ContinuousClock.now < deadline)
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
