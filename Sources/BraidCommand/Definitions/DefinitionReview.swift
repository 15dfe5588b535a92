import JSON
import StatesLanguage
import YAML

/// What is to be said of a definition: what the service would say, and more that helps who wrote it.
struct DefinitionReview: Sendable {
    /// One thing that is wrong, or odd, or will go wrong.
    struct Remark: Sendable, Equatable {
        let isError: Bool
        let code: String
        let message: String
        /// Where in the definition, as AWS writes it.
        let place: String?
        let location: JSONPointer?
        /// Where in the file, where that can be told.
        let position: YAMLLocation?
        /// What may help, beyond AWS's words.
        let hint: String?
    }

    let definition: NamedDefinition
    let remarks: [Remark]

    var hasErrors: Bool { remarks.contains(where: \.isError) }

    /// Validates a definition as the service does.
    ///
    /// - Parameters:
    ///   - definition: Where it was read, and its name.
    ///   - text: Its text, where `${NAME}` stand for something else than in the definition's own.
    ///   - type: What kind of machine it is to be.
    init(of definition: NamedDefinition, text: String? = nil, type: StateMachineType) {
        self.definition = definition
        let text = text ?? definition.text
        let document = (try? JSONValue(parsing: text, duplicateKeys: .lastWins)) ?? .null
        remarks =
            Validator.diagnostics(of: text, type: type).map { diagnostic in
                Remark(
                    isError: diagnostic.severity == .error,
                    code: diagnostic.code.rawValue,
                    message: diagnostic.message,
                    place: diagnostic.place,
                    location: diagnostic.location,
                    position: definition.position(of: diagnostic.location),
                    hint: DefinitionHints.hint(on: diagnostic, in: document)
                )
            } + Self.withoutDriver(in: document, of: definition)
    }

    /// Warns of Tasks that Braid accepts, as AWS does, and cannot perform.
    private static func withoutDriver(in document: JSONValue, of definition: NamedDefinition) -> [Remark] {
        TaskResources.all(in: document).compactMap { text, place in
            guard let resource = Resource(parsing: text), !resource.hasDriver else { return nil }
            return Remark(
                isError: false,
                code: "NO_DRIVER",
                message: "nothing in Braid performs \(text): the Task will fail with States.TaskFailed",
                place: place.description,
                location: place,
                position: definition.position(of: place),
                hint: nil
            )
        }
    }

    /// A line for each remark, as compilers write them: `file:line:column: error: CODE: message (/States/X)`.
    func lines(_ output: Output) -> [String] {
        remarks.map { remark in
            let position = remark.position.map { ":\($0.line):\($0.column)" } ?? ""
            let source = output.styled("\(definition.source)\(position)", .bold)
            let severity = output.styled(remark.isError ? "error" : "warning", remark.isError ? .red : .yellow)
            let place = remark.place.map { " (\($0))" } ?? ""
            let hint = remark.hint.map { "\n  hint: \($0)" } ?? ""
            return "\(source): \(severity): \(remark.code): \(remark.message)\(place)\(hint)"
        }
    }

    /// The same for programs.
    var json: JSONValue {
        [
            "source": .string(definition.source),
            "name": .string(definition.name),
            "result": hasErrors ? "FAIL" : "OK",
            "diagnostics": .array(
                remarks.map { remark in
                    [
                        "severity": remark.isError ? "ERROR" : "WARNING",
                        "code": .string(remark.code),
                        "message": .string(remark.message),
                        "location": remark.location.map { .string($0.description) } ?? .null,
                        "line": remark.position.map { .number(JSONNumber($0.line)) } ?? .null,
                        "column": remark.position.map { .number(JSONNumber($0.column)) } ?? .null,
                        "hint": remark.hint.map { .string($0) } ?? .null,
                    ]
                }
            ),
            "unknown": .array(definition.unknown.map { .string($0) }),
        ]
    }
}
