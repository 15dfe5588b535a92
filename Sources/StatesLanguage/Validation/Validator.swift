/// Looks a definition over without running it.
package enum Validator {
    /// Returns all that is wrong or odd about a definition, each with its place; no error among them means that it runs.
    package static func diagnostics(of text: String, type: StateMachineType = .standard) -> [Diagnostic] {
        DefinitionParser.parse(text, type: type).diagnostics
    }
}
