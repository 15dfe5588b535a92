import Interpreter
import JSON
import StatesLanguage
import Testing

@Suite("A Parallel state")
struct ParallelTests {
    static func machine(_ fields: String = "") throws -> StateMachineDefinition {
        try Definitions.machine(
            "P",
            #"""
            "P": {"Type": "Parallel", "End": true\#(fields), "Branches": [
                {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "\#(Definitions.function)", "End": true}}},
                {"StartAt": "B", "States": {"B": {"Type": "Task", "Resource": "\#(Definitions.function)", "End": true}}},
                {"StartAt": "C", "States": {"C": {"Type": "Wait", "Seconds": 10, "End": true}}}]}
            """#
        )
    }

    @Test("runs its branches side by side, and has their outputs in order")
    func order() throws {
        let run = VirtualRun(try Self.machine(), input: "[1, 2]") { request in
            request.state == "A" ? .succeeds("\"a\"", after: .seconds(3)) : .succeeds("\"b\"", after: .seconds(2))
        }
        #expect(run.mostAtOnce == 2)
        #expect(run.outcome == .succeeded(#"["a","b",[1, 2]]"#))
        #expect(run.execution.history.last?.time == VirtualRun.start + .seconds(10))
        // The exit has the same previous event as …Succeeded: the last event of the branch that ended last.
        #expect(run.history.suffix(4).first?.hasSuffix("WaitStateExited") == true)
        let last = run.execution.history.suffix(4).first?.id ?? 0
        #expect(
            run.history.suffix(3) == [
                "\(last + 1)<-\(last) ParallelStateSucceeded", "\(last + 2)<-\(last) ParallelStateExited",
                "\(last + 3)<-\(last + 2) ExecutionSucceeded",
            ]
        )
    }

    @Test("fails with its branch's error, and ends the other branches")
    func failure() throws {
        let run = VirtualRun(try Self.machine()) { request in
            request.state == "B" ? .fails(Failure(error: "E", cause: "c"), after: .seconds(1)) : .hangs
        }
        #expect(run.outcome == .failed(Failure(error: "E", cause: "c")))
        #expect(run.execution.history.last?.time == VirtualRun.start + .seconds(1))
        let failed = run.execution.history.first { $0.event.type == .lambdaFunctionFailed }?.id ?? 0
        #expect(
            run.history.dropFirst(failed) == [
                "\(failed + 1)<-\(failed) TaskStateAborted", "\(failed + 2)<-\(failed) TaskStateAborted",
                "\(failed + 3)<-\(failed) WaitStateAborted", "\(failed + 4)<-\(failed) ParallelStateFailed",
                "\(failed + 5)<-\(failed + 4) ExecutionFailed",
            ]
        )
    }

    @Test("runs all branches again in a retry")
    func retry() throws {
        var calls = 0
        let run = VirtualRun(try Self.machine(#", "Retry": [{"ErrorEquals": ["E"]}]"#)) { _ in
            calls += 1
            return calls == 2 ? .fails(Failure(error: "E", cause: nil)) : .succeeds("1")
        }
        #expect(run.outcome == .succeeded("[1,1,{}]"))
        #expect(calls == 4)
        #expect(run.types.filter { $0 == .parallelStateStarted }.count == 2)
        #expect(!run.types.contains(.parallelStateFailed))
    }

    @Test("catches what its branch failed with")
    func caught() throws {
        let definition = try Definitions.machine(
            "P",
            #"""
            "P": {"Type": "Parallel", "End": true, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}],
                  "Branches": [{"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "E"}}}]},
            "Caught": {"Type": "Pass", "End": true}
            """#
        )
        let run = VirtualRun(definition)
        #expect(run.outcome == .succeeded(#"{"Error":"E","Cause":null}"#))
    }

    @Test("does not catch States.Runtime of a branch")
    func runtime() throws {
        let definition = try Definitions.machine(
            "P",
            #"""
            "P": {"Type": "Parallel", "End": true, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}],
                  "Branches": [{"StartAt": "F", "States": {"F": {"Type": "Pass", "InputPath": "$.x", "End": true}}}]},
            "Caught": {"Type": "Pass", "End": true}
            """#
        )
        guard case .failed(let failure)? = VirtualRun(definition).outcome else { return #expect(Bool(false)) }
        #expect(failure.error == "States.Runtime")
        #expect(failure.cause?.contains("'F' (entered at the event id #4)") == true)
    }
}

@Suite("A Map state")
struct MapTests {
    static func machine(_ fields: String = "", task: String = "") throws -> StateMachineDefinition {
        try Definitions.machine(
            "M",
            #"""
            "M": {"Type": "Map", "End": true\#(fields), "ItemProcessor": {"StartAt": "T", "States": {
                "T": {"Type": "Task", "Resource": "\#(Definitions.function)"\#(task), "End": true}}}}
            """#
        )
    }

    static let items = JSONText(.array((0..<20).map { .number(JSONNumber($0)) }))

    @Test("with no item has an empty array, and both its events follow its start")
    func empty() throws {
        let run = VirtualRun(try Self.machine(), input: "[]")
        #expect(
            run.history == [
                "1<-0 ExecutionStarted", "2<-0 MapStateEntered", "3<-2 MapStateStarted", "4<-3 MapStateSucceeded",
                "5<-3 MapStateExited", "6<-5 ExecutionSucceeded",
            ]
        )
        #expect(run.outcome == .succeeded("[]"))
    }

    @Test("has its outputs in the order of the items, however they end")
    func order() throws {
        let run = VirtualRun(try Self.machine(), input: Self.items) { request in
            .succeeds(request.input, after: .seconds(100 - (request.input.value.int ?? 0)))
        }
        #expect(run.outcome == .succeeded(Self.items))
        #expect(run.mostAtOnce == 20)
    }

    static let concurrencies = [(0, 20), (1, 1), (7, 7), (20, 20), (50, 20)]

    @Test("never has more iterations under way than MaxConcurrency", arguments: concurrencies)
    func concurrency(_ most: Int, _ seen: Int) throws {
        let run = VirtualRun(try Self.machine(#", "MaxConcurrency": \#(most)"#), input: Self.items) { request in
            .succeeds(request.input, after: .seconds(1 + (request.input.value.int ?? 0) % 3))
        }
        #expect(run.mostAtOnce == seen)
        #expect(run.outcome == .succeeded(Self.items))
    }

    @Test("keeps an iteration's place while it backs off")
    func backingOff() throws {
        var failed = false
        let run = VirtualRun(
            try Self.machine(
                #", "MaxConcurrency": 1"#,
                task: #", "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 60}]"#
            ),
            input: "[0,1]"
        ) { request in
            defer { failed = true }
            return failed ? .succeeds(request.input) : .fails(Failure(error: "E", cause: nil))
        }
        #expect(run.requests.map(\.input.text) == ["0", "0", "1"])
        #expect(run.outcome == .succeeded("[0,1]"))
    }

    struct Tolerance: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let fields: String
        let failing: Int
        let succeeds: Bool
    }

    static let tolerances = [
        Tolerance(
            testDescription: "tolerates a count",
            fields: #""ToleratedFailureCount": 3"#,
            failing: 3,
            succeeds: true
        ),
        Tolerance(testDescription: "and no more", fields: #""ToleratedFailureCount": 3"#, failing: 4, succeeds: false),
        Tolerance(
            testDescription: "tolerates a percentage of all",
            fields: #""ToleratedFailurePercentage": 10"#,
            failing: 2,
            succeeds: true
        ),
        Tolerance(
            testDescription: "and not a bit more",
            fields: #""ToleratedFailurePercentage": 10"#,
            failing: 3,
            succeeds: false
        ),
        Tolerance(
            testDescription: "tolerates all at 100 %",
            fields: #""ToleratedFailurePercentage": 100"#,
            failing: 20,
            succeeds: true
        ),
        Tolerance(
            testDescription: "tolerates the lower of both",
            fields: #""ToleratedFailurePercentage": 50, "ToleratedFailureCount": 1"#,
            failing: 2,
            succeeds: false
        ),
    ]

    @Test(arguments: tolerances)
    func tolerates(_ row: Tolerance) throws {
        let run = VirtualRun(try Self.machine(", " + row.fields), input: Self.items) { request in
            (request.input.value.int ?? 0) < row.failing
                ? .fails(Failure(error: "E", cause: "c")) : .succeeds(request.input)
        }
        if row.succeeds {
            let expected = (0..<20).map { index -> JSONValue in
                index < row.failing ? ["Error": "E", "Cause": "c"] : .number(JSONNumber(index))
            }
            #expect(run.outcome == .succeeded(JSONText(.array(expected))))
        } else {
            #expect(
                run.outcome
                    == .failed(
                        Failure(
                            error: "States.ExceedToleratedFailureThreshold",
                            cause: "The specified tolerated failure threshold was exceeded"
                        )
                    )
            )
        }
    }

    @Test("tolerates nothing where the setting says so, as AWS's inline Maps do")
    func intolerant() throws {
        let run = VirtualRun(
            try Self.machine(#", "ToleratedFailureCount": 3"#),
            input: "[1]",
            limits: Limits(toleratesInlineFailures: false)
        ) { _ in .fails(Failure(error: "E", cause: "c")) }
        #expect(run.outcome == .failed(Failure(error: "E", cause: "c")))
    }

    @Test("shows items in ItemSelector, and their iterations' states the item afterwards")
    func selector() throws {
        let definition = try Definitions.machine(
            "M",
            #"""
            "M": {"Type": "Map", "End": true, "ItemsPath": "$.items",
                  "ItemSelector": {"v.$": "$$.Map.Item.Value", "i.$": "$$.Map.Item.Index", "all.$": "$.config"},
                  "ItemProcessor": {"StartAt": "A", "States": {
                    "A": {"Type": "Pass", "Next": "P"},
                    "P": {"Type": "Parallel", "End": true, "Branches": [{"StartAt": "B", "States": {
                      "B": {"Type": "Pass", "End": true, "Parameters": {
                        "in.$": "$", "v.$": "$$.Map.Item.Value", "i.$": "$$.Map.Item.Index"}}}}]}}}}
            """#
        )
        let run = VirtualRun(definition, input: #"{"items": ["x"], "config": 7}"#)
        #expect(run.outcome == .succeeded(#"[[{"in":{"v":"x","i":0,"all":7},"v":"x","i":0}]]"#))
    }

    @Test("whose result is too long fails, and is not tried again")
    func overLimit() throws {
        let definition = try Self.machine(#", "Retry": [{"ErrorEquals": ["States.ALL"]}]"#)
        let run = VirtualRun(definition, input: Self.items, limits: Limits(maxPayloadBytes: 1_000)) { _ in
            .succeeds(JSONText(.string(String(repeating: "a", count: 500))))
        }
        guard case .failed(let failure)? = run.outcome else { return #expect(run.outcome == nil) }
        #expect(failure.error == "States.DataLimitExceeded")
        #expect(run.types.suffix(2) == [.mapStateFailed, .executionFailed])
        #expect(run.requests.count == 20)
    }

    @Test("leaves no open iteration behind when one fails deep inside")
    func nested() throws {
        let definition = try Definitions.machine(
            "M",
            #"""
            "M": {"Type": "Map", "End": true, "ItemProcessor": {"StartAt": "P", "States": {
                "P": {"Type": "Parallel", "End": true, "Branches": [
                    {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 100, "End": true}}},
                    {"StartAt": "N", "States": {"N": {"Type": "Map", "End": true, "ItemProcessor": {
                        "StartAt": "T", "States": {
                          "T": {"Type": "Task", "Resource": "\#(Definitions.function)", "End": true}}}}}}]}}}}
            """#
        )
        let run = VirtualRun(definition, input: "[[1,2],[3,4]]") { request in
            request.input.text == "3" ? .fails(Failure(error: "E", cause: nil), after: .seconds(1)) : .hangs
        }
        #expect(run.outcome == .failed(Failure(error: "E", cause: nil)))
        #expect(run.types.filter { $0 == .mapIterationAborted }.count == 1 + 2 + 1)
        #expect(run.types.filter { $0 == .parallelStateAborted }.count == 1)
        #expect(run.types.filter { $0 == .waitStateAborted }.count == 2)
        #expect(run.types.suffix(2) == [.mapStateFailed, .executionFailed])
        #expect(run.execution.history.last?.time == VirtualRun.start + .seconds(1))
    }
}
