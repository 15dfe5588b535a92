import StatesLanguage
import Testing

/// What `braid validate` and ValidateStateMachineDefinition tell apart: the tables of mistakes, taken together.
@Suite("The mistakes that are found")
struct MistakeKindsTests {
    static let tables = [
        ChoiceMistakesTests.mistakes, MachineMistakesTests.mistakes, QueryMistakesTests.expressions,
        QueryMistakesTests.fields, StateMistakesTests.fields, StateMistakesTests.containers,
        TaskMistakesTests.resources, TaskMistakesTests.handlers, VariableMistakesTests.names,
        VariableMistakesTests.scopes,
    ]

    /// A diagnostic without what the definition calls its things: two that differ in a name, a number, a list of fields or
    /// a place only are of one kind.
    static func kind(of diagnostic: Diagnostic) -> String {
        let words = diagnostic.message
            .replacing(#/'[^']*'|"[^"]*"|\[[^\]]*\]/#, with: "…")
            .replacing(#/[0-9]+/#, with: "0")
            .replacing(#/target: .*/#, with: "target")
            .replacing(#/name: .*/#, with: "name")
            .replacing(#/arn:[^ ]*/#, with: "an ARN")
        return "\(diagnostic.code.rawValue): \(words)"
    }

    @Test("are of more than forty kinds, each with its place but what is said of the definition as a whole")
    func kinds() {
        var kinds: [String: Bool] = [:]
        for mistake in Self.tables.joined() {
            for diagnostic in Validator.diagnostics(of: mistake.definition, type: mistake.type) {
                kinds[Self.kind(of: diagnostic), default: false] = diagnostic.place != nil
            }
        }
        #expect(kinds.count > 40)
        #expect(
            kinds.filter { !$0.value }.keys.sorted() == [
                "INVALID_JSON_DESCRIPTION: expected a value (line 0, column 0)",
                "MISSING_DESCRIPTION: Definition is empty", "MISSING_END_STATE: Workflow has no terminal state",
                "SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object",
            ]
        )
    }
}
