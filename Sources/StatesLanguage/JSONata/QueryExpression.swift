import JSON
import JSONata

/// An expression `{% … %}` in a field of a JSONata state: parsed once, evaluated as often as wanted.
package struct QueryExpression: Sendable, Hashable {
    /// Where it stands in its state, as AWS names it: `Output/items[0]`, `Choices[1]/Condition`.
    package let location: String
    let expression: Expression
    let reading: Reading

    /// The expression without its delimiters and the blanks inside them: so AWS's texts have it.
    package var text: String { expression.text }

    init(_ expression: Expression, at location: String) {
        self.location = location
        self.expression = expression
        reading = expression.reading
    }

    /// Returns what stands between `{%` and `%}`; `nil` for a string that is no expression.
    static func body(of text: String) -> String? {
        guard text.utf8.count >= 4, text.hasPrefix("{%"), text.hasSuffix("%}") else { return nil }
        return text.dropFirst(2).dropLast(2).trimmingWhitespace
    }
}

// MARK: - What it reads

extension QueryExpression {
    /// The variables of the workflow that it may read.
    package var variables: Set<String> {
        let own = expression.variables.subtracting(QueryFunctions.names)
        // A variable may have the name of a built-in function: which of them is meant shows only when it is evaluated.
        return own.subtracting(["states"])
    }

    /// Every name that it uses as a variable, functions among them.
    var names: Set<String> { Set(reading.paths.map(\.variable)) }

    /// Whether the same scope always gives the same value.
    package var isDeterministic: Bool {
        names.isDisjoint(with: ["random", "uuid", "now", "millis", "shuffle"])
    }

    /// Whether it reads `$states.context`.
    package var readsContext: Bool { reads("context") }

    /// Whether it can read the execution's input through `$states.context`.
    package var readsExecutionInput: Bool { contextPart.contains(.executionInput) }

    /// Whether it reads a member of `$states`, or may because it reads the whole.
    func reads(_ member: String) -> Bool {
        reading.paths.contains { $0.variable == "states" && ($0.names.first ?? member) == member }
    }

    /// The payloads of the context object that it can reach.
    var contextPart: ContextObject.Part {
        var part: ContextObject.Part = []
        for path in reading.paths where path.variable == "states" && (path.names.first ?? "context") == "context" {
            part.formUnion(Self.part(reachedBy: Array(path.names.dropFirst())))
        }
        return part
    }

    private static func part(reachedBy names: [String]) -> ContextObject.Part {
        switch names.first {
        case "State", "StateMachine", "Task": []
        case "Execution": names.count > 1 && names[1] != "Input" ? [] : .executionInput
        case "Map": names.count > 2 && ["Index", "Key", "Source"].contains(names[2]) ? [] : .mapItemValue
        default: .all
        }
    }
}

extension Substring {
    /// Without white space at its ends.
    fileprivate var trimmingWhitespace: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
