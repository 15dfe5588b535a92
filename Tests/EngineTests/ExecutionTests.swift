import Interpreter
import Engine
import JSON
import Store
import Synchronization
import TestSupport
import Testing

@Suite("An execution", .database)
struct ExecutionTests {
    @Test("of Passes alone ends in the commit that starts it")
    func passes() async throws {
        try await EngineFixture.make([:]).run { fixture in
            let id = try await fixture.start(
                #"{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Pass","Result":{"x":1},"End":true}}}"#
            )
            #expect(try await fixture.end(of: id) == .init(status: "SUCCEEDED", output: #"{"x":1}"#))
        }
    }

    @Test("performs its tasks one after the other, and commits one more than there are")
    func chain() async throws {
        let double: EngineFixture.Function = { .number(JSONNumber(($0.int ?? 0) * 2)) }
        try await EngineFixture.make(["double": double]).run { fixture in
            let task = #""Type":"Task","Resource":"\#(EngineFixture.arn("double"))""#
            let id = try await fixture.start(
                #"{"StartAt":"A","States":{"A":{\#(task),"Next":"B"},"B":{\#(task),"Next":"C"},"C":{\#(task),"End":true}}}"#,
                input: "5"
            )
            #expect(try await fixture.end(of: id) == .init(status: "SUCCEEDED", output: "40"))
            // The end is in the database before the queue has heard of it.
            try await waitUntil(within: .seconds(60)) { fixture.engine.queue.counts.now.submissions >= 4 }
            #expect(fixture.engine.queue.counts.now.submissions == 4)
        }
    }

    @Test("joins its branches, iterations and nested forks in order")
    func joins() async throws {
        let double: EngineFixture.Function = { .number(JSONNumber(($0.int ?? 0) * 2)) }
        try await EngineFixture.make(["double": double]).run { fixture in
            let task = #"{"Type":"Task","Resource":"\#(EngineFixture.arn("double"))","End":true}"#
            let map =
                #"{"Type":"Map","MaxConcurrency":3,"ItemProcessor":{"StartAt":"T","States":{"T":\#(task)}},"End":true}"#
            let id = try await fixture.start(
                #"{"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[{"StartAt":"M","States":{"M":\#(map)}},{"StartAt":"X","States":{"X":{"Type":"Pass","End":true}}}]}}}"#,
                input: "[1,2,3,4,5,6,7,8,9,10]"
            )
            let end = try await fixture.end(of: id)
            #expect(end.output == "[[2,4,6,8,10,12,14,16,18,20],[1,2,3,4,5,6,7,8,9,10]]")
        }
    }

    @Test("fails with the error of a child, whose siblings are aborted")
    func childFails() async throws {
        let fail: EngineFixture.Function = { (_) throws(EngineFixture.FunctionFailure) in
            throw EngineFixture.FunctionFailure(error: "Oops", cause: "because")
        }
        try await EngineFixture.make(["fail": fail]).run { fixture in
            let task = #"{"Type":"Task","Resource":"\#(EngineFixture.arn("fail"))","End":true}"#
            let id = try await fixture.start(
                #"{"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[{"StartAt":"F","States":{"F":\#(task)}},{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":3600,"End":true}}}]}}}"#
            )
            #expect(try await fixture.end(of: id) == .init(status: "FAILED", error: "Oops", cause: "because"))
        }
    }

    @Test("retries after its interval and catches what is left")
    func retries() async throws {
        let tries = Mutex(0)
        let flaky: EngineFixture.Function = { (_) throws(EngineFixture.FunctionFailure) in
            let count = tries.withLock { count in
                count += 1
                return count
            }
            throw EngineFixture.FunctionFailure(error: "Try\(count)")
        }
        try await EngineFixture.make(["flaky": flaky]).run { fixture in
            let id = try await fixture.start(
                #"""
                {"StartAt":"A","States":{"A":{"Type":"Task","Resource":"\#(EngineFixture.arn("flaky"))",
                "Retry":[{"ErrorEquals":["States.TaskFailed"],"IntervalSeconds":1,"MaxAttempts":1}],
                "Catch":[{"ErrorEquals":["States.ALL"],"Next":"B"}],"End":true},"B":{"Type":"Pass","End":true}}}
                """#
            )
            let end = try await fixture.end(of: id)
            #expect(end.output == #"{"Error":"Try2","Cause":""}"#)
        }
    }

    @Test("sleeps as a row, and goes on by itself")
    func sleeps() async throws {
        try await EngineFixture.make([:]).run { fixture in
            let id = try await fixture.start(
                #"{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":1,"End":true}}}"#
            )
            #expect(try await fixture.end(of: id).status == "SUCCEEDED")
        }
    }

    @Test("is stopped with all that it does")
    func stopped() async throws {
        try await EngineFixture.make([:]).run { fixture in
            let id = try await fixture.start(
                #"{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":3600,"End":true}}}"#
            )
            guard case .stopped = try await fixture.engine.stopExecution(id, error: "E", cause: "C") else {
                Issue.record("not stopped")
                return
            }
            #expect(try await fixture.end(of: id) == .init(status: "ABORTED", error: "E", cause: "C"))
        }
    }

    @Test("times out as a whole")
    func timesOut() async throws {
        try await EngineFixture.make([:]).run { fixture in
            let id = try await fixture.start(
                #"{"StartAt":"W","TimeoutSeconds":1,"States":{"W":{"Type":"Wait","Seconds":3600,"End":true}}}"#
            )
            #expect(try await fixture.end(of: id).status == "TIMED_OUT")
        }
    }

    @Test("whose iterations time out together fails by the first of them")
    func timedOutTogether() async throws {
        let endless: EngineFixture.Function = { input in
            try? await Task.sleep(for: .seconds(60))
            return input
        }
        try await EngineFixture.make(["endless": endless]).run { fixture in
            let task = #"{"Type":"Task","Resource":"\#(EngineFixture.arn("endless"))","TimeoutSeconds":1,"End":true}"#
            let id = try await fixture.start(
                #"{"StartAt":"M","States":{"M":{"Type":"Map","ItemProcessor":{"StartAt":"T","States":{"T":\#(task)}},"End":true}}}"#,
                input: "[0,1,2,3,4,5,6,7]"
            )
            #expect(try await fixture.end(of: id) == .init(status: "FAILED", error: "States.Timeout"))
            let events = try await fixture.store.readHistory(of: id, limit: 1_000).events
            let indexes = { (type: HistoryEventType) in
                events.filter { $0.type == type }.map { event -> Int? in
                    guard case .number(let index)? = event.details.first(where: { $0.name == "index" })?.value else {
                        return nil
                    }
                    return index
                }
            }
            #expect(indexes(.mapIterationFailed) == [0])
            #expect(indexes(.mapIterationAborted) == [1, 2, 3, 4, 5, 6, 7])
        }
    }

    @Test("of a thousand items with places for four ends, and never has more than four at work")
    func places() async throws {
        let busy = Mutex((now: 0, most: 0))
        let slow: EngineFixture.Function = { input in
            busy.withLock { busy in
                busy.now += 1
                busy.most = max(busy.most, busy.now)
            }
            await Task.yield()
            busy.withLock { $0.now -= 1 }
            return input
        }
        try await EngineFixture.make(["slow": slow], places: ["slow": 4]).run { fixture in
            let task = #"{"Type":"Task","Resource":"\#(EngineFixture.arn("slow"))","End":true}"#
            let items = "[" + (0..<1_000).map(String.init).joined(separator: ",") + "]"
            let id = try await fixture.start(
                #"{"StartAt":"M","States":{"M":{"Type":"Map","ItemProcessor":{"StartAt":"T","States":{"T":\#(task)}},"End":true}}}"#,
                input: items
            )
            #expect(try await fixture.end(of: id).output == items)
            #expect(busy.withLock { $0.most } <= 4)
        }
    }
}
