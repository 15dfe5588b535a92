/// A closed world of states: the machine itself, a branch of a Parallel, or what a Map does with each item.
package struct StateGraph: Sendable {
    /// The name of the state that an execution, branch or iteration enters first; it is one of ``states``.
    package let startAt: String
    /// In the document's order.
    package let states: [State]
    package let comment: String?

    package init(startAt: String, states: [State], comment: String? = nil) {
        self.startAt = startAt
        self.states = states
        self.comment = comment
    }
}
