import JSON
import StatesLanguage
import Testing

@Suite("Intrinsic functions, replayed against the recordings", .recordings)
struct IntrinsicRecordingsTests {
    @Test("give what AWS gave")
    func replay() throws {
        var replayed = 0
        for recorded in try Recordings.cases(of: "intrinsic_functions") {
            let id = try #require(recorded["id"]?.string)
            let created = recorded["steps"]?.array?.first { $0["call"] == "create_state_machine" }
            let definition = try created?["args"]?["definition"]?.unwrapped() ?? recorded["definition"] ?? nil
            let state = try #require(definition["States"]?.object?.values.first)
            guard state["QueryLanguage"] != "JSONata" else { continue }
            for history in try #require(recorded["expected"]?.object).values {
                guard let events = history["events"]?.array else { continue }
                try check(events, state: state, id: id)
                replayed += 1
            }
        }
        #expect(replayed > 80)
    }

    private func check(_ events: [JSONValue], state: JSONValue, id: String) throws {
        let input = try #require(events.first?["executionStartedEventDetails"]?["input"])
        let expected = try #require(events.last?["executionSucceededEventDetails"]?["output"])
        let dataFlow = try JSONPathDataFlow(
            parameters: state["Parameters"].map { try PayloadTemplate(compiling: $0, at: JSONPointer()) },
            resultPath: ResultPathField(parsing: state["ResultPath"]),
            outputPath: PathField(parsing: state["OutputPath"])
        )
        let context = ContextObject.recorded(input: input)
        var generator = CountingGenerator()
        let raw = JSONText(input)
        let result = try dataFlow.effectiveInput(raw: raw, context: context, using: &generator)
        let output = try dataFlow.output(raw: raw, result: result, context: context, using: &generator).value
        if expected["FunctionResult"] == "RandomNumberGenerated" {
            let bounds = try #require(input["FunctionInput"])
            let number = try #require(output["FunctionResult"]?.double)
            #expect(number >= bounds["fst"]?.double ?? .infinity && number < bounds["snd"]?.double ?? 0, "\(id)")
        } else {
            #expect(output == expected, "\(id): \(input.text)")
        }
    }
}
