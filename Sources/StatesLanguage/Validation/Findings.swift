import JSON

/// Gathers what is found while one definition is read.
///
/// A class, because every reader of every field adds to the same list; it never leaves the call that parses.
final class Findings {
    private(set) var diagnostics: [Diagnostic] = []
    /// How many are errors; compared before and after, it tells whether a part was well.
    private(set) var errorCount = 0
    private var known: Set<Diagnostic> = []
    private let root: JSONValue

    /// - Parameter root: The whole definition: it tells which steps of a place are indexes.
    init(in root: JSONValue) { self.root = root }

    /// Adds an error against the language's schema, which is most of them.
    func schema(_ message: String, at place: JSONPointer?) { add(.schemaValidationFailed, message, at: place) }

    func warn(_ code: DiagnosticCode, _ message: String, at place: JSONPointer) {
        add(code, message, at: place, severity: .warning)
    }

    /// Adds a diagnostic once: a rule can be reached in two ways, such as by a field and by its alias.
    func add(
        _ code: DiagnosticCode,
        _ message: String,
        at place: JSONPointer?,
        severity: Diagnostic.Severity = .error
    ) {
        let diagnostic = Diagnostic(
            severity: severity,
            code: code,
            message: message,
            location: place,
            place: place.map { bracketed($0) }
        )
        guard known.insert(diagnostic).inserted else { return }
        diagnostics.append(diagnostic)
        if severity == .error { errorCount += 1 }
    }

    /// Returns a place as AWS writes it: nothing escaped, indexes in brackets.
    ///
    /// Source: measured with ValidateStateMachineDefinition (`/States/C/Choices[0]/Next`).
    func bracketed(_ place: JSONPointer) -> String {
        guard !place.steps.isEmpty else { return "/" }
        var text = ""
        var value: JSONValue? = root
        for step in place.steps {
            if let elements = value?.array, let index = Int(step) {
                text += "[\(index)]"
                value = elements.indices.contains(index) ? elements[index] : nil
            } else {
                text += "/\(step)"
                value = value?[step]
            }
        }
        return text
    }
}
