import JSON
import JSONata

/// Expressions in the fields of JSONata states.
///
/// Codes and texts: measured with ValidateStateMachineDefinition (reference §6).
extension StateReader {
    /// Reads a field whose JSON may hold expressions at any depth; `members` of `$states` are there beside input and context.
    func query(_ name: String, of fields: Fields, with members: Set<String> = []) -> QueryTemplate? {
        guard let value = fields.object[name] else { return nil }
        return node(value, at: fields.place(of: name), members).map { QueryTemplate($0) }
    }

    /// Reads a field that holds one value or an expression; `nil` if it is no expression.
    func expression(_ name: String, of fields: Fields) -> QueryExpression? {
        guard fields.language == .jsonata, let text = fields.object[name]?.string, text.hasPrefix("{%") else {
            return nil
        }
        return expression(text, at: fields.place(of: name), [])
    }

    /// Reads `Items`: an array, in which there may be expressions, or an expression.
    func items() -> QueryTemplate? {
        guard fields.language == .jsonata, let value = fields.object["Items"] else { return nil }
        guard value.array != nil || value.string?.hasPrefix("{%") == true else {
            findings.schema("Expected value of type Array", at: fields.place(of: "Items"))
            return nil
        }
        return query("Items", of: fields)
    }

    private func node(_ value: JSONValue, at place: JSONPointer, _ members: Set<String>) -> QueryTemplate.Node? {
        switch value {
        case .string(let text) where text.hasPrefix("{%"):
            return expression(text, at: place, members).map { .expression($0) }
        case .array(let elements):
            let nodes = elements.enumerated().compactMap { node($0.element, at: place.appending($0.offset), members) }
            guard nodes.count == elements.count else { return nil }
            return nodes.allSatisfy(\.isLiteral) ? .literal(value) : .array(nodes)
        case .object(let object):
            let nodes = object.compactMap { key, value in
                node(value, at: place.appending(key), members).map { (key: key, node: $0) }
            }
            guard nodes.count == object.count else { return nil }
            return nodes.allSatisfy(\.node.isLiteral) ? .literal(value) : .object(nodes)
        default: return .literal(value)
        }
    }

    private func expression(_ text: String, at place: JSONPointer, _ members: Set<String>) -> QueryExpression? {
        guard let body = QueryExpression.body(of: text) else {
            findings.add(.invalidJSONataExpression, "A JSONata expression must end with '%}'", at: place)
            return nil
        }
        do {
            let expression = QueryExpression(try Expression(parsing: body), at: location(of: place))
            return isSupported(expression, at: place, members) ? expression : nil
        } catch {
            findings.add(.invalidJSONataExpression, error.message, at: place)
            return nil
        }
    }

    /// Whether it reads only what there is: an expression has no context item, and `$states` not always the same members.
    private func isSupported(_ expression: QueryExpression, at place: JSONPointer, _ members: Set<String>) -> Bool {
        var problems = expression.reading.ofContext.map { "Reference to '\($0)' at the top level is not supported." }
        if expression.reading.readsRoot { problems.append("Reference to '$$' is not supported.") }
        let known = members.union(["input", "context"])
        let read = Set(expression.reading.paths.filter { $0.variable == "states" }.compactMap(\.names.first))
        for member in read.subtracting(known).sorted() { problems.append("Field '$states.\(member)' does not exist.") }
        for problem in problems { findings.add(.unsupportedJSONataExpression, problem, at: place) }
        return problems.isEmpty
    }

    /// The place as AWS names it in histories: relative to the state.
    private func location(of place: JSONPointer) -> String {
        String(findings.bracketed(place).dropFirst(findings.bracketed(fields.place).count + 1))
    }
}

extension QueryTemplate.Node {
    fileprivate var isLiteral: Bool { if case .literal = self { true } else { false } }
}
