import JSON

/// Reads a definition's text: its values, then its fields, then its transitions.
enum DefinitionParser {
    /// Returns the definition, if nothing is wrong with it, and all that was found.
    static func parse(
        _ text: String,
        type: StateMachineType
    ) -> (definition: StateMachineDefinition?, diagnostics: [Diagnostic]) {
        let (root, duplicates) = values(of: text)
        return read(root, duplicates, type: type)
    }

    /// The same of a state that stands alone, as the only one of a machine.
    ///
    /// Where it leads is not looked at, for that is not there. Places are those in that machine, as AWS has them.
    static func parse(
        state text: String,
        named name: String
    ) -> (definition: StateMachineDefinition?, diagnostics: [Diagnostic]) {
        let (state, duplicates) = values(of: text)
        guard let state, state.object != nil else { return read(state, duplicates, type: .standard) }
        let place = JSONPointer().appending("States").appending(name)
        return read(
            ["StartAt": .string(name), "States": .object([name: state])],
            duplicates.map { diagnostic in
                let inner = diagnostic.location.map { $0.steps.reduce(place) { $0.appending($1) } }
                return Diagnostic(code: diagnostic.code, message: diagnostic.message, location: inner)
            },
            type: .standard,
            isLoneState: true
        )
    }

    private static func read(
        _ root: JSONValue?,
        _ duplicates: [Diagnostic],
        type: StateMachineType,
        isLoneState: Bool = false
    ) -> (definition: StateMachineDefinition?, diagnostics: [Diagnostic]) {
        guard let root else { return (nil, duplicates) }
        let findings = Findings(in: root)
        for diagnostic in duplicates { findings.add(diagnostic.code, diagnostic.message, at: diagnostic.location) }
        guard let object = root.object else {
            findings.schema("Definition must be a valid JSON object", at: nil)
            return (nil, findings.diagnostics)
        }
        let reader = DefinitionReader(type: type, isLoneState: isLoneState, findings: findings)
        let (graph, header) = reader.machine(Fields(object: object, place: JSONPointer(), findings: findings))
        guard findings.errorCount == 0, let graph else {
            // Whatever keeps a part from being read is noted; should a reader fail to, this must not pass for well.
            if findings.errorCount == 0 { findings.schema("Definition cannot be read", at: nil) }
            return (nil, findings.diagnostics)
        }
        let definition = StateMachineDefinition(graph, type: type, header: header, warnings: findings.diagnostics)
        return (definition, findings.diagnostics)
    }

    /// The text's value, and what is wrong with the text itself.
    ///
    /// Of members with the same name the last is read on, so that all other problems are found too.
    private static func values(of text: String) -> (JSONValue?, [Diagnostic]) {
        guard !text.isEmpty else {
            return (nil, [Diagnostic(code: .missingDescription, message: "Definition is empty", location: nil)])
        }
        guard text.contains(where: { !$0.isWhitespace }) else {
            let message = "Definition must be a valid JSON object"
            return (nil, [Diagnostic(code: .schemaValidationFailed, message: message, location: nil)])
        }
        do {
            return (try JSONValue(parsing: text, duplicateKeys: .refused), [])
        } catch {
            guard let place = error.pointer, let key = place.steps.last else {
                return (nil, [Diagnostic(code: .invalidJSONDescription, message: error.description, location: nil)])
            }
            let message = "Duplicate field '\(key)' (line \(error.line), column \(error.column))"
            let diagnostic = Diagnostic(code: .invalidJSONDescription, message: message, location: place)
            do {
                return (try JSONValue(parsing: text), [diagnostic])
            } catch {
                let broken = Diagnostic(code: .invalidJSONDescription, message: error.description, location: nil)
                return (nil, [diagnostic, broken])
            }
        }
    }
}
