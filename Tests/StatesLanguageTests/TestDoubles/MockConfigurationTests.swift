import JSON
import StatesLanguage
import Testing

@Suite("A mock configuration")
struct MockConfigurationTests {
    private static let responses = #"""
        {"Twice": {"0": {"Throw": {"Error": "Busy"}}, "1-2": {"Return": {"b": 1, "a": 2.0}}}}
        """#

    private static func file(_ testCase: String, responses: String = responses) -> String {
        #"{"StateMachines": {"M": {"TestCases": {"C": \#(testCase)}}}, "MockedResponses": \#(responses)}"#
    }

    private static func file(responses: String) -> String { file("{}", responses: responses) }

    @Test("says for each state of a test case what its attempts give")
    func responses() throws {
        let configuration = try MockConfiguration(parsing: Self.file(#"{"T": "Twice"}"#))
        let doubles = try #require(configuration.testCase("C", of: "M"))
        #expect(doubles.testCase == "C")
        #expect(doubles.cover("T"))
        #expect(!doubles.cover("U"))
        #expect(doubles.response(of: "T", attempt: 0) == .failure(error: "Busy", cause: nil))
        #expect(doubles.response(of: "T", attempt: 1) == .result(JSONText(trusted: #"{"b":1,"a":2.0}"#)))
        #expect(doubles.response(of: "T", attempt: 2) == .result(JSONText(trusted: #"{"b":1,"a":2.0}"#)))
        #expect(doubles.response(of: "T", attempt: 3) == nil)
        #expect(configuration.testCase("D", of: "M") == nil)
        #expect(configuration.testCase("C", of: "N") == nil)
        #expect(configuration.testCases(of: "M") == ["C"])
    }

    @Test("of an execution comes back from where it was kept as it was, whatever its names hold")
    func kept() throws {
        let responses = #"{"R\u0000": {"0": {"Return": "\u0000"}, "1": {"Throw": {"Error": "é", "Cause": "\\"}}}}"#
        let text = Self.file(#"{"a/b": "R\u0000"}"#, responses: responses)
        let doubles = try #require(try MockConfiguration(parsing: text).testCase("C", of: "M"))
        #expect(!doubles.text.utf8.contains(0))
        #expect(TestDoubles(text: doubles.text) == doubles)
        #expect(TestDoubles(text: "{}") == nil)
        #expect(TestDoubles(text: #"{"TestCase": "C", "States": {"T": {"0": 1}}}"#) == nil)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let file: String
        let problems: [String]
    }

    static let rows = [
        Row(
            testDescription: "is not JSON",
            file: "{",
            problems: ["this is not JSON: unexpected end of the text (line 1, column 2) at /"]
        ),
        Row(testDescription: "is no object", file: "[]", problems: ["the file must be an object, not an array at /"]),
        Row(
            testDescription: "is for no state machine",
            file: "{}",
            problems: ["the field 'StateMachines' is missing at /"]
        ),
        Row(
            testDescription: "has a state machine that is no object",
            file: #"{"StateMachines": {"M": "C"}}"#,
            problems: ["a state machine must be an object, not a string at /StateMachines/M"]
        ),
        Row(
            testDescription: "has a state machine without test cases",
            file: #"{"StateMachines": {"M": {}}}"#,
            problems: ["the field 'TestCases' is missing at /StateMachines/M"]
        ),
        Row(
            testDescription: "has a test case that is no object",
            file: file("[]"),
            problems: ["a test case must be an object, not an array at /StateMachines/M/TestCases/C"]
        ),
        Row(
            testDescription: "gives a state something else than a name",
            file: file(#"{"T": {}}"#),
            problems: [
                "a state is given the name of a mocked response, not an object at /StateMachines/M/TestCases/C/T"
            ]
        ),
        Row(
            testDescription: "gives a state a response that is not there",
            file: file(#"{"T": "Once"}"#),
            problems: ["there is no mocked response 'Once' at /StateMachines/M/TestCases/C/T"]
        ),
        Row(
            testDescription: "has no responses at all where it names one",
            file: #"{"StateMachines": {"M": {"TestCases": {"C": {"T": "R"}}}}}"#,
            problems: ["there is no mocked response 'R' at /StateMachines/M/TestCases/C/T"]
        ),
        Row(
            testDescription: "has a response for no attempt",
            file: file(responses: #"{"R": {}}"#),
            problems: ["a mocked response needs one for attempt 0 at least at /MockedResponses/R"]
        ),
        Row(
            testDescription: "has keys that number no attempts",
            file: file(responses: #"{"R": {"first": {"Return": 1}, "2-1": {"Return": 1}, "-1": {"Return": 1}}}"#),
            problems: ["first", "2-1", "-1"].map {
                "'\($0)' is neither the number of an attempt, such as 0, nor a range, such as 1-3 at /MockedResponses/R/\($0)"
            }
        ),
        Row(
            testDescription: "has two responses for an attempt",
            file: file(responses: #"{"R": {"0-2": {"Return": 1}, "2": {"Return": 1}}}"#),
            problems: ["attempt 2 has two responses at /MockedResponses/R"]
        ),
        Row(
            testDescription: "leaves out an attempt between two",
            file: file(responses: #"{"R": {"1": {"Return": 1}, "0": {"Return": 1}, "4": {"Return": 1}}}"#),
            problems: ["attempt 2 has no response, but attempt 4 has at /MockedResponses/R"]
        ),
        Row(
            testDescription: "has a response that gives nothing",
            file: file(responses: #"{"R": {"0": {}}}"#),
            problems: ["a response needs Return or Throw at /MockedResponses/R/0"]
        ),
        Row(
            testDescription: "has a response that gives both",
            file: file(responses: #"{"R": {"0": {"Return": 1, "Throw": {"Error": "E"}}}}"#),
            problems: ["a response cannot have both Return and Throw at /MockedResponses/R/0"]
        ),
        Row(
            testDescription: "has a response that gives something else",
            file: file(responses: #"{"R": {"0": {"Return": 1, "Wait": 5}}}"#),
            problems: ["a response has either Return or Throw, not 'Wait' at /MockedResponses/R/0"]
        ),
        Row(
            testDescription: "throws without an error",
            file: file(responses: #"{"R": {"0": {"Throw": {"Cause": "C"}}}}"#),
            problems: ["Throw needs an Error at /MockedResponses/R/0/Throw"]
        ),
        Row(
            testDescription: "throws what is no text",
            file: file(responses: #"{"R": {"0": {"Throw": {"Error": 1, "Cause": null, "Code": 2}}}}"#),
            problems: [
                "Error must be a string, not a number at /MockedResponses/R/0/Throw/Error",
                "Cause must be a string, not null at /MockedResponses/R/0/Throw/Cause",
                "Throw has Error and Cause, not 'Code' at /MockedResponses/R/0/Throw",
            ]
        ),
        Row(
            testDescription: "has several mistakes",
            file: file(#"{"T": true, "U": "R"}"#, responses: #"{"R": {"0": "x"}}"#),
            problems: [
                "a response must be an object, not a string at /MockedResponses/R/0",
                "a state is given the name of a mocked response, not a boolean at /StateMachines/M/TestCases/C/T",
            ]
        ),
    ]

    @Test("is refused with all that is wrong, and where", arguments: rows)
    func refused(_ row: Row) {
        let error = #expect(throws: MockConfigurationError.self) { try MockConfiguration(parsing: row.file) }
        #expect(error?.problems.map { "\($0.message) at \($0.place)" } == row.problems)
    }
}
