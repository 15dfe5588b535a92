package import JSON
import JSONata

/// What expressions are evaluated in while a JSONata state is worked on.
///
/// The input is parsed once at most, and only if an expression reads it; nothing is copied for an evaluation.
package struct QueryScope {
    /// `$states.input`.
    private let input: JSONText
    /// `$states.result`, where the state has one by now.
    package var result: JSONText?
    /// `$states.errorOutput`, in a catcher.
    package var errorOutput: JSONValue?
    /// `$states.context`.
    package var context: ContextObject
    private let variables: Variables
    private let now: Timestamp
    private var parsed: [String: JSONValue] = [:]
    private var budget = PayloadBudget()

    package init(input: JSONText, context: ContextObject, variables: Variables, now: Timestamp) {
        self.input = input
        self.context = context
        self.variables = variables
        self.now = now
    }

    /// Returns the value of a field.
    package mutating func evaluate(
        _ template: QueryTemplate,
        using generator: inout some RandomNumberGenerator
    ) throws(QueryFailure) -> JSONValue {
        try evaluate(template.root, using: &generator)
    }

    private mutating func evaluate(
        _ node: QueryTemplate.Node,
        using generator: inout some RandomNumberGenerator
    ) throws(QueryFailure) -> JSONValue {
        switch node {
        case .literal(let value): return value
        case .expression(let expression): return try evaluate(expression, using: &generator)
        case .array(let nodes):
            var elements: [JSONValue] = []
            elements.reserveCapacity(nodes.count)
            for node in nodes { elements.append(try evaluate(node, using: &generator)) }
            return .array(elements)
        case .object(let nodes):
            var members = JSONObject()
            for (key, node) in nodes { members[key] = try evaluate(node, using: &generator) }
            return .object(members)
        }
    }

    /// Returns the value of an expression; one that is undefined is a failure.
    package mutating func evaluate<Generator: RandomNumberGenerator>(
        _ expression: QueryExpression,
        using generator: inout Generator
    ) throws(QueryFailure) -> JSONValue {
        var environment = Environment(
            now: Int(now.microseconds / 1000),
            generator: generator,
            limits: Environment.Limits(steps: 50_000_000)
        )
        defer { if let moved = environment.generator as? Generator { generator = moved } }
        let value: JSONValue?
        do {
            value = try expression.expression.evaluate(
                on: nil,
                bindings: bindings(of: expression),
                environment: &environment
            )
        } catch {
            throw .threw(expression, code: error.code, message: error.message)
        }
        guard let value else { throw .undefined(expression) }
        if environment.gaveFunction { throw .function(expression) }
        guard budget.spend(on: value) else {
            throw QueryFailure(
                cause:
                    "The JSONata expressions of the state '\(context.stateName)' give more than can be evaluated at once.",
                location: expression.location
            )
        }
        return value
    }

    // MARK: - Bindings

    private mutating func bindings(of expression: QueryExpression) -> [String: Binding] {
        var bindings = QueryFunctions.bindings
        for name in expression.names {
            if name == "states" {
                bindings[name] = .value(states(for: expression))
            } else if let value = variables[name] {
                bindings[name] = .value(value)
            }
        }
        return bindings
    }

    /// `$states`, with those members that the expression can reach.
    private mutating func states(for expression: QueryExpression) -> JSONValue {
        var states = JSONObject()
        if expression.reads("input") { states["input"] = value("input", of: input) }
        if let result, expression.reads("result") { states["result"] = value("result", of: result) }
        if let errorOutput { states["errorOutput"] = errorOutput }
        if expression.reads("context") { states["context"] = context.value(of: expression.contextPart) }
        return .object(states)
    }

    private mutating func value(_ name: String, of text: JSONText) -> JSONValue {
        if let value = parsed[name] { return value }
        let value = text.value
        parsed[name] = value
        return value
    }
}
