import Interpreter
import JSON
import StatesLanguage
import Testing

@Suite("A JSONata state")
struct QueryTests {
    static func machine(_ startAt: String, _ states: String) throws -> StateMachineDefinition {
        try StateMachineDefinition(
            parsing: #"{"QueryLanguage": "JSONata", "StartAt": "\#(startAt)", "States": {\#(states)}}"#
        )
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let states: String
        var input: JSONText = #"{"n": 5, "a": [3, 1]}"#
        let output: JSONText

        init(_ name: String, _ states: String, input: JSONText = #"{"n": 5, "a": [3, 1]}"#, gives output: JSONText) {
            testDescription = name
            self.states = states
            self.input = input
            self.output = output
        }
    }

    static let function = Definitions.function

    static let rows = [
        Row(
            "hands its input on to the letter",
            #""A": {"Type": "Pass", "End": true}"#,
            gives: #"{"n": 5, "a": [3, 1]}"#
        ),
        Row(
            "evaluates expressions at any depth, and nothing else",
            #""A": {"Type": "Pass", "Output": {"x": ["{% $states.input.n %}", {"y": "{% $sum($states.input.a) %}", "z.$": "$.n"}], "l": " {% 1 %}"}, "End": true}"#,
            gives: #"{"x":[5,{"y":4,"z.$":"$.n"}],"l":" {% 1 %}"}"#
        ),
        Row(
            "keeps a null that an expression gives",
            #""A": {"Type": "Succeed", "Output": "{% null %}"}"#,
            gives: "null"
        ),
        Row(
            "gives a Task its Arguments, and by default the result back",
            #""A": {"Type": "Task", "Resource": "\#(function)", "Arguments": {"v": "{% $states.input.n + 1 %}"}, "End": true}"#,
            gives: #"{"v":6}"#
        ),
        Row(
            "shows Output both input and result",
            #""A": {"Type": "Task", "Resource": "\#(function)", "Arguments": "{% $states.input.a %}", "Output": "{% {'i': $states.input.n, 'r': $states.result[0]} %}", "End": true}"#,
            gives: #"{"i":5,"r":3}"#
        ),
        Row(
            "assigns from the values before, which Output sees too",
            #""A": {"Type": "Pass", "Assign": {"x": 1}, "Next": "B"}, "B": {"Type": "Pass", "Assign": {"x": "{% $x + 1 %}", "y": "{% $x %}"}, "Output": "{% $x %}", "Next": "C"}, "C": {"Type": "Pass", "Output": ["{% $states.input %}", "{% $x %}", "{% $y %}"], "End": true}"#,
            gives: "[1,2,1]"
        ),
        Row(
            "takes a Choice's first condition that holds, with its Output and Assign",
            #""A": {"Type": "Choice", "Default": "Z", "Choices": [{"Condition": false, "Next": "Z"}, {"Condition": "{% $states.input.n = 5 %}", "Output": "{% 'o' %}", "Assign": {"v": "r"}, "Next": "Z"}], "Output": "s", "Assign": {"v": "s"}}, "Z": {"Type": "Pass", "Output": "{% $states.input & $v %}", "End": true}"#,
            gives: #""or""#
        ),
        Row(
            "takes a Choice's own Output and Assign with its Default",
            #""A": {"Type": "Choice", "Default": "Z", "Choices": [{"Condition": "{% $states.input.n = 6 %}", "Next": "Z"}], "Output": "s", "Assign": {"v": "t"}}, "Z": {"Type": "Pass", "Output": "{% $states.input & $v %}", "End": true}"#,
            gives: #""st""#
        ),
        Row(
            "maps over Items, whose iterations get what ItemSelector makes of them",
            #""A": {"Type": "Map", "Items": "{% $states.input.a %}", "MaxConcurrency": "{% 1 %}", "ItemSelector": {"v": "{% $states.context.Map.Item.Value %}", "i": "{% $states.context.Map.Item.Index %}", "n": "{% $states.input.n %}"}, "Output": "{% $states.result.v %}", "End": true, "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Pass", "Output": {"v": "{% $states.input.v * $states.input.n + $states.input.i %}"}, "End": true}}}}"#,
            gives: "[15,6]"
        ),
        Row(
            "gives a Parallel's branches its Arguments, and outer variables to read",
            #""V": {"Type": "Pass", "End": true, "Output": 0}, "A": {"Type": "Pass", "Assign": {"o": "x"}, "Next": "P"}, "P": {"Type": "Parallel", "Arguments": "{% $states.input.n %}", "Next": "V2", "Branches": [{"StartAt": "B", "States": {"B": {"Type": "Pass", "Output": "{% $o & $states.input %}", "End": true}}}]}, "V2": {"Type": "Pass", "End": true}"#
                .replacing(#""V": {"Type": "Pass", "End": true, "Output": 0}, "#, with: ""),
            gives: #"["x5"]"#
        ),
        Row(
            "waits as long as an expression says",
            #""A": {"Type": "Wait", "Seconds": "{% $states.input.n * 2 %}", "Output": "{% $millis() - $toMillis($states.context.State.EnteredTime) %}", "End": true}"#,
            gives: "10000"
        ),
        Row(
            "has Step Functions' own functions",
            #""A": {"Type": "Pass", "Output": "{% [$partition([1..5], 2), $range(0, 6, 2), $range(1, 1, 1), $random(42), $hash('input', 'SHA-1'), $length($uuid()), $parse('{\"a\": [1]}').a] %}", "End": true}"#,
            gives:
                #"[[1,2],[3,4],[5],0,2,4,6,1,0.7275636800328681,"140f86aae51ab9e1cda9b4254fe98a74eb54c1a1",36,1]"#
        ),
        Row(
            "reads a variable of a built-in function's name",
            #""A": {"Type": "Pass", "Assign": {"count": 7}, "Next": "B"}, "B": {"Type": "Pass", "Output": "{% $count %}", "End": true}"#,
            gives: "7"
        ),
    ]

    @Test(arguments: rows)
    func row(_ row: Row) throws {
        let run = VirtualRun(try Self.machine("A", row.states), input: row.input)
        #expect(run.outcome == .succeeded(row.output))
    }

    /// What EvaluationFailed says, as `location: cause` without the words that name the state.
    static func failure(in run: VirtualRun) -> String? {
        guard let event = run.execution.history.first(where: { $0.event.type == .evaluationFailed })?.event else {
            return nil
        }
        func text(_ name: String) -> String? {
            guard case .text(let text)? = event.details.first(where: { $0.name == name })?.value else { return nil }
            return text
        }
        #expect(text("error") == "States.QueryEvaluationError")
        let cause = text("cause").map { $0.contains("). ") ? String($0.split(separator: "). ", maxSplits: 1)[1]) : $0 }
        return "\(text("location") ?? "-"): \(cause ?? "-")"
    }

    static let failures = [
        Row(
            "whose expression throws",
            #""A": {"Type": "Pass", "Output": {"x": ["{% 1 + 'a' %}"]}, "End": true}"#,
            gives:
                #"Output/x[0]: The JSONata expression '1 + 'a'' specified for the field 'Output/x[0]' threw an error during evaluation. T2002: The right side of the "+" operator must evaluate to a number"#
        ),
        Row(
            "whose expression gives nothing",
            #""A": {"Type": "Fail", "Cause": "{% $nope %}"}"#,
            gives:
                "Cause: The JSONata expression '$nope' specified for the field 'Cause' returned nothing (undefined)."
        ),
        Row(
            "whose expression gives a function",
            #""A": {"Type": "Pass", "Output": "{% $sum %}", "End": true}"#,
            gives:
                "Output: The JSONata expression '$sum' specified for the field 'Output' returned an unsupported result type."
        ),
        Row(
            "whose condition is no boolean",
            #""A": {"Type": "Choice", "Choices": [{"Condition": false, "Next": "Z"}, {"Condition": "{% 1 %}", "Next": "Z"}]}, "Z": {"Type": "Succeed"}"#,
            gives:
                "Choices[1]/Condition: The JSONata expression '1' specified for the field 'Choices[1]/Condition' returned an unexpected result type. Expected 'boolean', but was 'number' for value: 1"
        ),
        Row(
            "whose seconds are no whole number",
            #""A": {"Type": "Wait", "Seconds": "{% 1.5 %}", "End": true}"#,
            gives: "Seconds: The Seconds field cannot be parsed as a long value: 1.5"
        ),
        Row(
            "that calls $eval, which there is not",
            #""A": {"Type": "Pass", "Output": "{% $eval('1') %}", "End": true}"#,
            gives:
                "Output: The JSONata expression '$eval('1')' specified for the field 'Output' threw an error during evaluation. T1006: Attempted to invoke a non-function"
        ),
        Row(
            "whose Arguments bound it by less than a second",
            #""A": {"Type": "Task", "Resource": "\#(function)", "TimeoutSeconds": "{% 0 %}", "End": true}"#,
            gives: "TimeoutSeconds: The TimeoutSeconds field references a value that is not positive: 0"
        ),
    ]

    @Test("fails", arguments: failures)
    func fails(_ row: Row) throws {
        let run = VirtualRun(try Self.machine("A", row.states))
        #expect(Self.failure(in: run) == row.output.text)
        guard case .failed(let failure)? = run.outcome else { return #expect(Bool(false), "it did not fail") }
        #expect(failure.error == "States.QueryEvaluationError")
    }

    @Test("that fails is retried and caught where it is a Task, its error in the catcher's Output and Assign")
    func caught() throws {
        var calls = 0
        let run = VirtualRun(
            try Self.machine(
                "A",
                #"""
                "A": {"Type": "Task", "Resource": "\#(Self.function)", "Output": "{% $states.result.no %}", "Next": "Z",
                      "Retry": [{"ErrorEquals": ["States.QueryEvaluationError"], "MaxAttempts": 1}],
                      "Catch": [{"ErrorEquals": ["States.ALL"], "Output": "{% $states.errorOutput.Error %}",
                                 "Assign": {"in": "{% $states.input.n %}"}, "Next": "Z"}]},
                "Z": {"Type": "Pass", "Output": ["{% $states.input %}", "{% $in %}"], "End": true}
                """#
            ),
            input: #"{"n": 5}"#
        ) { _ in
            calls += 1
            return .succeeds("{}")
        }
        #expect(calls == 2)
        #expect(run.outcome == .succeeded(#"["States.QueryEvaluationError",5]"#))
        #expect(run.types.filter { $0 == .evaluationFailed }.count == 2)
        // It follows what failed, and what catches it follows it.
        let last = try #require(run.execution.history.last { $0.event.type == .evaluationFailed })
        #expect(run.history.contains("\(last.id)<-\(last.id - 1) EvaluationFailed"))
        #expect(run.history.contains("\(last.id + 1)<-\(last.id) TaskStateExited"))
    }

    @Test("has the same attempt's arguments again where they were drawn at random")
    func random() throws {
        var seen: [String] = []
        _ = VirtualRun(
            try Self.machine(
                "A",
                #"""
                "A": {"Type": "Task", "Resource": "\#(Self.function)", "Arguments": "{% $uuid() & $now() %}", "End": true,
                      "Retry": [{"ErrorEquals": ["E"], "MaxAttempts": 1}]}
                """#
            )
        ) { request in
            seen.append(request.input.text)
            return .fails(Failure(error: "E", cause: nil))
        }
        #expect(seen.count == 2 && Set(seen).count == 1)
    }

    @Test("stands beside one in JSONPath, and they read each other's variables")
    func mixed() throws {
        let run = VirtualRun(
            try Definitions.machine(
                "A",
                #"""
                "A": {"QueryLanguage": "JSONata", "Type": "Pass", "Assign": {"x": "{% $states.input.n %}"}, "Next": "B"},
                "B": {"Type": "Pass", "Parameters": {"v.$": "$x"}, "Assign": {"y.$": "$.v"}, "Next": "C"},
                "C": {"QueryLanguage": "JSONata", "Type": "Pass", "Output": "{% $y + $states.input.v %}", "End": true}
                """#
            ),
            input: #"{"n": 5}"#
        )
        #expect(run.outcome == .succeeded("10"))
    }

    @Test("is bounded: an expression without end fails its state")
    func endless() throws {
        // Each round joins a megabyte, which counts for as much as it takes: so the bound comes soon.
        let run = VirtualRun(
            try Self.machine(
                "A",
                #""A": {"Type": "Pass", "Output": "{% ($s := $pad('', 1000000); $f := function($x){ $f($s & 'x') }; $f(1)) %}", "End": true}"#
            )
        )
        #expect(Self.failure(in: run)?.contains("U1001") == true)
    }
}
