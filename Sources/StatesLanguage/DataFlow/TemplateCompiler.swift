package import JSON

/// What is wrong with a part of a definition, and where.
package struct Problem: Sendable, Hashable, CustomStringConvertible {
    /// A sentence without its full stop.
    package let message: String
    package let place: JSONPointer

    package init(_ message: String, at place: JSONPointer) {
        self.message = message
        self.place = place
    }

    package var description: String { "\(message) at \(place)" }
}

/// Why a value is not a payload template.
package struct InvalidTemplate: Error, CustomStringConvertible {
    /// In the order of the text; never empty.
    package let problems: [Problem]

    package var description: String { problems.map(\.description).joined(separator: ", ") }
}

/// Turns JSON into the nodes of a payload template, gathering what is wrong.
struct TemplateCompiler {
    private(set) var problems: [Problem] = []
    /// The computed values, in the order of the text.
    private(set) var values: [DynamicValue] = []

    mutating func compile(_ value: JSONValue, at place: JSONPointer) -> PayloadTemplate.Node {
        switch value {
        case .object(let members): compile(members, at: place)
        case .array(let elements): compile(elements, at: place)
        default: .literal(value)
        }
    }

    private mutating func compile(_ elements: [JSONValue], at place: JSONPointer) -> PayloadTemplate.Node {
        let before = values.count
        let nodes = elements.enumerated().map { compile($0.element, at: place.appending($0.offset)) }
        return values.count == before ? .literal(.array(elements)) : .array(nodes)
    }

    private mutating func compile(_ members: JSONObject, at place: JSONPointer) -> PayloadTemplate.Node {
        let before = values.count
        var nodes: [(key: String, node: PayloadTemplate.Node)] = []
        for (key, value) in members {
            guard key.utf8.suffix(2).elementsEqual(".$".utf8) else {
                nodes.append((key, compile(value, at: place.appending(key))))
                continue
            }
            let name = String(decoding: key.utf8.dropLast(2), as: UTF8.self)
            if members[name] != nil {
                problems.append(Problem("The field '\(key)' must not stand beside the field '\(name)'", at: place))
            }
            guard let text = value.string, let dynamic = try? DynamicValue(parsing: text, field: key) else {
                // The text and the place are recorded: test_illegal_escapes.
                let kinds = "a valid JSONPath or a valid intrinsic function call"
                problems.append(Problem("The value for the field '\(key)' must be \(kinds)", at: place))
                continue
            }
            values.append(dynamic)
            nodes.append((name, .dynamic(dynamic)))
        }
        return values.count == before ? .literal(.object(members)) : .object(nodes)
    }
}
