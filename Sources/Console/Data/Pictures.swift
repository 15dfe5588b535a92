import Drawing
import JSON
import StatesLanguage
import Synchronization

/// The graphs of definitions, laid out once each.
final class Pictures: Sendable {
    /// A graph for a page: SVG whose nodes have the ids `s0`, `s1`, …, and the states that those are.
    struct Picture: Sendable {
        let svg: String
        let states: [String]

        var json: JSONValue { ["svg": .string(svg), "states": .array(states.map { .string($0) })] }
    }

    private let known = Mutex<[String: Task<Picture?, Never>]>([:])

    /// Draws a definition, if there is anything to draw; what is asked for twice at once is laid out once.
    func picture(of definition: String) async -> Picture? {
        let task = known.withLock { known in
            if let task = known[definition] { return task }
            if known.count >= 100 { known.removeAll() }
            let task = Task { await Self.draw(definition) }
            known[definition] = task
            return task
        }
        return await task.value
    }

    private static func draw(_ definition: String) async -> Picture? {
        guard let value = try? JSONValue(parsing: definition), let outline = Outline(of: value) else { return nil }
        let dot = DOT(outline)
        guard let bytes = try? await Graphviz.draw(dot.text, as: .svg) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        // Without the declaration and the document type, which a page has no use for.
        guard let start = text.firstRange(of: "<svg") else { return nil }
        return Picture(svg: String(text[start.lowerBound...]), states: dot.stateNames)
    }
}

/// What the editor is told of a definition while it is typed.
enum DefinitionCheck {
    static func json(of definition: String, type: StateMachineType, pictures: Pictures) async -> JSONValue {
        let diagnostics = Validator.diagnostics(of: definition, type: type)
        let picture = await pictures.picture(of: definition)
        return [
            "diagnostics": .array(
                diagnostics.map { diagnostic in
                    [
                        "severity": .string(diagnostic.severity.rawValue), "code": .string(diagnostic.code.rawValue),
                        "message": .string(diagnostic.message), "place": .optional(diagnostic.place),
                        "path": diagnostic.location.map { .string($0.description) } ?? .null,
                    ]
                }
            ),
            "graph": picture?.json ?? .null,
        ]
    }
}
