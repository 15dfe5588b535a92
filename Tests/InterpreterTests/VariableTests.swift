import Interpreter
import JSON
import StatesLanguage
import Testing

@Suite("Variables")
struct VariableTests {
    /// What each state assigned, as its exit says it.
    static func assigned(in run: VirtualRun) -> [String] {
        run.execution.history.compactMap { entry in
            guard case .text(let name)? = entry.event.details.first(where: { $0.name == "name" })?.value,
                case .json(let values)? = entry.event.details.first(where: { $0.name == "assignedVariables" })?.value
            else { return nil }
            return "\(name): \(values.text)"
        }
    }

    @Test("are assigned together, from the values before")
    func atOnce() throws {
        let run = VirtualRun(
            try Definitions.machine(
                "A",
                #"""
                "A": {"Type": "Pass", "Assign": {"x": 1, "y": [2, "t"]}, "Next": "B"},
                "B": {"Type": "Pass", "Assign": {"x.$": "$y", "y.$": "$x", "z": {"in.$": "$.n"}}, "Next": "C"},
                "C": {"Type": "Pass", "Parameters": {"x.$": "$x[1]", "y.$": "$y", "z.$": "$z.in"}, "End": true}
                """#
            ),
            input: #"{"n": 0.10}"#
        )
        #expect(run.outcome == .succeeded(#"{"x":"t","y":1,"z":0.10}"#))
        #expect(
            Self.assigned(in: run) == [
                #"A: {"x":"1","y":"[2,\"t\"]"}"#, #"B: {"x":"[2,\"t\"]","y":"1","z":"{\"in\":0.10}"}"#,
            ]
        )
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let states: String
        var input: JSONText = #"{"n": 5}"#
        let output: JSONText
    }

    static let rows = [
        Row(
            testDescription: "see a Pass state's result, not what ResultPath and OutputPath make of it",
            states:
                #""A": {"Type": "Pass", "Result": {"r": 1}, "ResultPath": "$.n", "OutputPath": "$.n", "Assign": {"x.$": "$"}, "Next": "Z"}"#,
            output: #"{"r":1}"#
        ),
        Row(
            testDescription: "see what InputPath and Parameters give, in a Pass state without Result",
            states:
                #""A": {"Type": "Pass", "InputPath": "$.n", "Parameters": {"p.$": "$"}, "Assign": {"x.$": "$.p"}, "Next": "Z"}"#,
            output: "5"
        ),
        Row(
            testDescription: "see a Task's raw result, beside ResultSelector",
            states:
                #""A": {"Type": "Task", "Resource": "\#(Definitions.function)", "ResultSelector": {"s": 1}, "Assign": {"x.$": "$.n"}, "Next": "Z"}"#,
            output: "5"
        ),
        Row(
            testDescription: "see a Wait's effective input",
            states: #""A": {"Type": "Wait", "Seconds": 2, "InputPath": "$.n", "Assign": {"x.$": "$"}, "Next": "Z"}"#,
            output: "5"
        ),
        Row(
            testDescription: "are those of a Choice's rule that matches",
            states:
                #""A": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericEquals": 5, "Assign": {"x": "rule"}, "Next": "Z"}], "Default": "Z", "Assign": {"x": "none"}}"#,
            output: #""rule""#
        ),
        Row(
            testDescription: "are those of the Choice itself where no rule matches",
            states:
                #""A": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericEquals": 6, "Assign": {"x": "rule"}, "Next": "Z"}], "Default": "Z", "Assign": {"x.$": "$.n"}}"#,
            output: "5"
        ),
        Row(
            testDescription: "see a Parallel's result, and nothing that its branches assigned",
            states:
                #""A": {"Type": "Parallel", "Assign": {"x.$": "$"}, "Next": "Z", "Branches": [{"StartAt": "I", "States": {"I": {"Type": "Pass", "Assign": {"y": 1}, "Result": 3, "End": true}}}]}"#,
            output: "[3]"
        ),
        Row(
            testDescription: "can be read by iterations and branches within them",
            states: #"""
                "A": {"Type": "Pass", "Assign": {"o": "outer"}, "Next": "M"},
                "M": {"Type": "Map", "ItemsPath": "$.n", "Assign": {"x.$": "$"}, "Next": "Z", "ItemProcessor": {"StartAt": "I", "States": {
                    "I": {"Type": "Pass", "Assign": {"i.$": "$"}, "Next": "P"},
                    "P": {"Type": "Parallel", "End": true, "Branches": [{"StartAt": "J", "States": {
                        "J": {"Type": "Pass", "Parameters": {"o.$": "$o", "i.$": "$i"}, "End": true}}}]}}}}
                """#,
            input: #"{"n": [1, 2]}"#,
            output: #"[[{"o":"outer","i":1}],[{"o":"outer","i":2}]]"#
        ),
    ]

    @Test(arguments: rows)
    func row(_ row: Row) throws {
        let last = #", "Z": {"Type": "Pass", "InputPath": "$x", "End": true}"#
        let run = VirtualRun(try Definitions.machine("A", row.states + last), input: row.input)
        #expect(run.outcome == .succeeded(row.output))
    }

    @Test("are those of the catcher that is followed, which sees the Error Output")
    func caught() throws {
        let run = VirtualRun(
            try Definitions.task(
                #"""
                , "Assign": {"x": "result"},
                "Catch": [{"ErrorEquals": ["E"], "ResultPath": null, "Assign": {"x.$": "$.Cause"}, "Next": "Caught"}]
                """#
            ),
            answer: { _ in .fails(Failure(error: "E", cause: "c")) }
        )
        #expect(Self.assigned(in: run) == [#"T: {"x":"\"c\""}"#])
    }

    @Test("that were never assigned fail the state that reads them, uncaught")
    func undefined() throws {
        let run = VirtualRun(
            try Definitions.plainTask(#", "Parameters": {"a.$": "$nope"}, "Retry": [{"ErrorEquals": ["States.ALL"]}]"#)
        )
        guard case .failed(let failure)? = run.outcome else { return #expect(Bool(false), "it did not fail") }
        #expect(failure.error == "States.Runtime" && failure.cause?.contains("$nope") == true)
    }

    @Test("fail the state that assigns too much: in one Assign, or in all with those before")
    func limits() throws {
        let machine = try Definitions.machine(
            "A",
            #"""
            "A": {"Type": "Pass", "Assign": {"x.$": "$.a"}, "Next": "B"},
            "B": {"Type": "Pass", "Assign": {"y.$": "$.b"}, "Next": "C"},
            "C": {"Type": "Pass", "Assign": {"x": 0, "z.$": "$.c"}, "End": true}
            """#
        )
        func state(_ a: Int, _ b: Int, _ c: Int, _ limits: Limits) -> String? {
            let text = [("a", a), ("b", b), ("c", c)].map { "\"\($0)\": \"\(String(repeating: "v", count: $1))\"" }
            let run = VirtualRun(machine, input: JSONText(trusted: "{\(text.joined(separator: ", "))}"), limits: limits)
            guard case .failed(let failure)? = run.outcome else { return nil }
            #expect(failure.error == "States.DataLimitExceeded")
            return run.execution.history.last { $0.event.type == .passStateEntered }?.event.name
        }
        let once = Limits(maxAssignedBytes: 20)
        #expect(state(18, 18, 17, once) == nil)
        #expect(state(19, 18, 17, once) == "A")
        // One byte for 0 and 20 for the text.
        #expect(state(18, 18, 18, once) == "C")
        let all = Limits(maxVariableBytes: 60)
        #expect(state(10, 10, 10, all) == nil)
        #expect(state(10, 40, 10, all) == "B")
        #expect(state(10, 10, 60, all) == "C")
    }
}

extension HistoryEvent {
    fileprivate var name: String? {
        if case .text(let name)? = details.first(where: { $0.name == "name" })?.value { name } else { nil }
    }
}
