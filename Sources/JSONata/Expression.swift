package import JSON

/// A JSONata expression: read once, evaluated as often as you like, on any thread.
package struct Expression: Sendable {
    /// The expression as it was written.
    package let text: String
    /// The variables that it reads and that it does not bind itself, without `$`; built-in functions that it calls are among
    /// them only if nothing of that name is built in.
    package let variables: Set<String>
    /// The paths that begin with a variable, without `$`, as far as they are names: `states.input.order`.
    package let references: Set<String>
    let syntax: Syntax

    /// Reads an expression.
    package init(parsing text: String) throws(JSONataError) {
        do {
            syntax = try Self.syntax(of: text)
        } catch {
            throw JSONataError(error)
        }
        self.text = text
        var finder = VariableFinder()
        finder.visit(syntax)
        variables = finder.variables
        references = finder.references
    }

    static func syntax(of text: String) throws(Fault) -> Syntax {
        var parser = try Parser(text)
        var resolver = PathResolver()
        return try resolver.document(try parser.document()).frozen()
    }

    /// Evaluates the expression.
    ///
    /// - Parameters:
    ///   - input: What `$` and `$$` are and paths begin at; `nil` if that is undefined.
    ///   - bindings: The variables, without `$`. They come before built-in functions of their name.
    ///   - environment: Time, randomness and bounds; its generator moves on.
    /// - Returns: The result, or `nil` if it is undefined. Numbers of the input keep their spelling; those computed are spelled as
    ///   JavaScript does.
    /// - Throws: A ``JSONataError`` when the expression fails or passes a bound.
    package func evaluate(
        on input: JSONValue?,
        bindings: [String: Binding] = [:],
        environment: inout Environment
    ) throws(JSONataError) -> JSONValue? {
        let evaluator = Evaluator(input: Value(input), bindings: bindings, environment: environment)
        defer {
            evaluator.finish()
            environment = evaluator.environment
            environment.stepsTaken = evaluator.steps
        }
        do {
            let result = try evaluator.evaluate(syntax)
            evaluator.environment.gaveFunction = result.function != nil
            return result.json
        } catch {
            throw JSONataError(error)
        }
    }
}

extension Expression: Hashable {
    /// Two expressions are equal if they are written alike.
    package static func == (lhs: Expression, rhs: Expression) -> Bool { lhs.text.isSameText(as: rhs.text) }

    package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
