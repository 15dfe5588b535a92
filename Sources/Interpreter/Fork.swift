package import JSON

/// The children of a Parallel or Map state.
package struct Fork: Sendable {
    package struct Child: Sendable {
        package var state: String
        package var input: JSONText
        package var item: JSONText?

        package init(state: String, input: JSONText, item: JSONText? = nil) {
            self.state = state
            self.input = input
            self.item = item
        }
    }

    /// Whether the children are iterations of a Map or branches of a Parallel.
    package var isMap: Bool
    /// By index; never empty.
    package var children: [Child]
    /// How many may be open at once; 0 is all.
    package var maxConcurrency: Int
    /// How many may fail without failing the state; `nil` where the state tolerates none and fails with the child's own error.
    package var toleratedFailures: Int?
    /// Whether the children read variables of the branch that forks them, or of those around it.
    package var sharesVariables: Bool

    package init(
        isMap: Bool,
        children: [Child],
        maxConcurrency: Int = 0,
        toleratedFailures: Int? = nil,
        sharesVariables: Bool = false
    ) {
        self.isMap = isMap
        self.children = children
        self.maxConcurrency = maxConcurrency
        self.toleratedFailures = toleratedFailures
        self.sharesVariables = sharesVariables
    }
}
