package import JSON

/// The call of an intrinsic function, compiled.
package struct IntrinsicCall: Sendable, CustomStringConvertible {
    let function: IntrinsicFunction
    let arguments: [IntrinsicArgument]
    /// The call as written.
    package let text: String

    /// Reads the text of a field.
    package init(parsing text: String) throws(DataFlowError) {
        var parser = IntrinsicParser(text)
        do {
            (function, arguments) = try parser.call()
        } catch {
            throw .malformedCall(text, reason: error.message)
        }
        self.text = text
    }

    package var description: String { text }

    /// The paths among its arguments, in the order of the text.
    package var paths: [DataPath] { arguments.flatMap(\.paths) }

    /// Whether the same scope always gives the same value.
    package var isDeterministic: Bool { IntrinsicArgument.call(function, arguments).isDeterministic }

    /// Returns what the function computes.
    package func evaluate(
        in scope: Scope,
        using generator: inout some RandomNumberGenerator
    ) throws(DataFlowError) -> JSONValue {
        var source = PathSource(scope)
        return try evaluate(in: &source, using: &generator)
    }

    func evaluate(
        in source: inout PathSource,
        using generator: inout some RandomNumberGenerator
    ) throws(DataFlowError) -> JSONValue {
        var evaluator = IntrinsicEvaluator(call: text, source: source)
        defer { source = evaluator.source }
        return try evaluator.call(function, arguments, using: &generator)
    }
}
