import JSON
import StatesLanguage
import Testing

@Suite("Choice rules, replayed against the recordings", .recordings)
struct ChoiceRecordingsTests {
    @Test("choose as AWS chose")
    func replay() throws {
        var replayed = 0
        for recorded in try Recordings.cases(of: "choice_operators") {
            let id = try #require(recorded["id"]?.string)
            var outputs = try #require(recorded["expected"]?["cases"]?.array).makeIterator()
            var rules: [ChoiceRule] = []
            for step in try #require(recorded["steps"]?.array) {
                if let definition = step["args"]?["definition"] {
                    let choices = try definition.unwrapped()["States"]?["CheckValues"]?["Choices"]?.array
                    rules = try #require(choices).map { try ChoiceRule(compiling: $0, at: JSONPointer()) }
                } else if step["call"] == "start_execution", let input = try step["args"]?["input"]?.unwrapped() {
                    let scope = Scope(input: input, context: .recorded())
                    let next = try rules.first { try $0.matches(scope) }?.next ?? "ConditionFalse"
                    let expected = outputs.next()?["output"]?["TestResult.$"]
                    #expect(.string(next) == expected, "\(id): \(input.text)")
                    replayed += 1
                }
            }
            #expect(outputs.next() == nil, "\(id)")
        }
        #expect(replayed > 300)
    }
}
