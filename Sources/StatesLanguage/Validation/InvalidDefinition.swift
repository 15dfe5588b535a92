/// Why a text is not a state machine that can be run: every problem at once.
package struct InvalidDefinition: Error, Sendable, Hashable, CustomStringConvertible {
    /// In the order in which they were found, warnings included; at least one is an error.
    package let diagnostics: [Diagnostic]

    package init(diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }

    package var errors: [Diagnostic] { diagnostics.filter { $0.severity == .error } }

    /// The message of AWS's `InvalidDefinition`.
    ///
    /// `Invalid State Machine Definition: 'CODE: text at /place, CODE: text at /place'`; what has no place is, as AWS has it,
    /// `at null`.
    package var description: String {
        let list = errors.map { "\($0.code.rawValue): \($0.message) at \($0.place ?? "null")" }
        return "Invalid State Machine Definition: '\(list.joined(separator: ", "))'"
    }
}
