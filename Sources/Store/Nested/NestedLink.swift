/// The attempt of a Task that waits for the end of an execution.
package struct NestedLink: Sendable, Equatable {
    package var parent: BranchKey
    /// The attempt's token.
    package var token: String
    /// Whether input and output are handed over as JSON instead of as text (`.sync:2`).
    package var isStructured: Bool

    package init(parent: BranchKey, token: String, isStructured: Bool) {
        self.parent = parent
        self.token = token
        self.isStructured = isStructured
    }
}

/// An execution that an attempt waits for, or waited for.
package struct NestedExecution: Sendable {
    package var link: NestedLink
    package var child: ExecutionRecord
    /// Whether the attempt still waits.
    package var isAwaited: Bool
}

/// Which nested executions are meant.
package enum NestedScope: Sendable, Hashable {
    case all
    /// Those that attempts of this execution started.
    case of(ExecutionID)
    /// This one.
    case child(ExecutionID)
}
