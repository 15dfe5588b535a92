import JSON

/// JSON in a field of a JSONata state, at any depth of which a string may be an expression.
///
/// What holds no expression is kept as it is, and costs nothing.
package struct QueryTemplate: Sendable {
    indirect enum Node: Sendable {
        case literal(JSONValue)
        case expression(QueryExpression)
        case array([Node])
        case object([(key: String, node: Node)])
    }

    let root: Node
    /// In the order of the text.
    package let expressions: [QueryExpression]

    init(_ root: Node) {
        self.root = root
        var found: [QueryExpression] = []
        Self.collect(root, into: &found)
        expressions = found
    }

    /// The expression, where the whole field is one.
    package var expression: QueryExpression? {
        if case .expression(let expression) = root { expression } else { nil }
    }

    /// Whether the same scope always gives the same value.
    package var isDeterministic: Bool { expressions.allSatisfy(\.isDeterministic) }

    /// The names of its own members.
    var names: [String] {
        switch root {
        case .object(let nodes): nodes.map(\.key)
        case .literal(let value): value.object?.keys ?? []
        case .expression, .array: []
        }
    }

    private static func collect(_ node: Node, into found: inout [QueryExpression]) {
        switch node {
        case .literal: break
        case .expression(let expression): found.append(expression)
        case .array(let nodes): for node in nodes { collect(node, into: &found) }
        case .object(let nodes): for (_, node) in nodes { collect(node, into: &found) }
        }
    }
}
