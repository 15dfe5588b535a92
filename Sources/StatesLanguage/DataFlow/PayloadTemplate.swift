package import JSON

/// A payload template: JSON in which keys that end in `.$` have computed values.
///
/// Compiled once, with all its problems; evaluated as often as wanted. What holds nothing dynamic is kept as it is, and
/// costs nothing. Source: Amazon States Language, "Payload Template".
package struct PayloadTemplate: Sendable {
    indirect enum Node: Sendable {
        /// Nothing within is computed.
        case literal(JSONValue)
        case dynamic(DynamicValue)
        case array([Node])
        case object([(key: String, node: Node)])
    }

    let root: Node
    /// The text of a template that holds nothing dynamic.
    private let literalText: JSONText?
    /// The paths that it reads, in the order of the text.
    package let paths: [DataPath]
    /// Whether the same scope always gives the same value.
    ///
    /// It does not with `States.UUID`, nor with a `States.MathRandom` without a seed.
    package let isDeterministic: Bool

    /// Compiles a template.
    ///
    /// - Parameters:
    ///   - template: The value of a field such as Parameters.
    ///   - place: Where that value stands in the definition.
    /// - Throws: All that is wrong with it at once, each with the place of the object that holds the key.
    package init(compiling template: JSONValue, at place: JSONPointer) throws(InvalidTemplate) {
        var compiler = TemplateCompiler()
        root = compiler.compile(template, at: place)
        guard compiler.problems.isEmpty else { throw InvalidTemplate(problems: compiler.problems) }
        if case .literal(let value) = root { literalText = JSONText(value) } else { literalText = nil }
        paths = compiler.values.flatMap(\.paths)
        isDeterministic = compiler.values.allSatisfy(\.isDeterministic)
    }

    /// The names of its own members, without their `.$`.
    var names: [String] {
        switch root {
        case .object(let nodes): nodes.map(\.key)
        case .literal(let value): value.object?.keys ?? []
        case .dynamic, .array: []
        }
    }

    /// Whether a path in it reads the context object.
    package var readsContext: Bool { paths.contains(where: \.readsContext) }

    /// Whether a path in it can read the execution's input through the context object.
    package var readsExecutionInput: Bool { paths.contains(where: \.readsExecutionInput) }

    /// Returns the template's value, its paths read from the scope, random numbers and UUIDs taken from the generator.
    package func evaluate(
        in scope: Scope,
        using generator: inout some RandomNumberGenerator
    ) throws(DataFlowError) -> JSONValue {
        if case .literal(let value) = root { return value }
        var source = PathSource(scope)
        return try Self.evaluate(root, in: &source, using: &generator)
    }

    /// Returns the template's value as text; that of a template without anything dynamic is kept at hand.
    package func text(
        in scope: Scope,
        using generator: inout some RandomNumberGenerator
    ) throws(DataFlowError) -> JSONText {
        var source = PathSource(scope)
        return try text(in: &source, using: &generator)
    }

    func text(
        in source: inout PathSource,
        using generator: inout some RandomNumberGenerator
    ) throws(DataFlowError) -> JSONText {
        if let literalText { return literalText }
        return JSONText(try Self.evaluate(root, in: &source, using: &generator))
    }

    private static func evaluate(
        _ node: Node,
        in source: inout PathSource,
        using generator: inout some RandomNumberGenerator
    ) throws(DataFlowError) -> JSONValue {
        switch node {
        case .literal(let value): return value
        case .dynamic(let dynamic):
            let value = try dynamic.evaluate(in: &source, using: &generator)
            try source.spend(on: value)
            return value
        case .array(let nodes):
            var elements: [JSONValue] = []
            elements.reserveCapacity(nodes.count)
            for node in nodes { elements.append(try evaluate(node, in: &source, using: &generator)) }
            return .array(elements)
        case .object(let nodes):
            var members = JSONObject()
            for (key, node) in nodes { members[key] = try evaluate(node, in: &source, using: &generator) }
            return .object(members)
        }
    }
}
