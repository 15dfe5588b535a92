package import JSON

/// What paths are read from while a state is worked on.
package struct Scope: Sendable {
    /// What `$` is.
    package var input: JSONValue
    /// What `$$` is.
    package var context: ContextObject
    /// What `$name` is, by name.
    package var variables: Variables

    package init(input: JSONValue, context: ContextObject, variables: Variables = [:]) {
        self.input = input
        self.context = context
        self.variables = variables
    }

    /// Returns the same scope with another input.
    package func with(input: JSONValue) -> Scope {
        var scope = self
        scope.input = input
        return scope
    }
}
