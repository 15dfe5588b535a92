/// What can be broken in the model on purpose, to see that the simulation notices.
package enum Flaw: String, CaseIterable, Sendable {
    /// A commit is not held against lease and transition number.
    case noFence
    /// The leases of dead workers stay theirs.
    case noTakingBack
    /// A commit is held against the lease, but not against the number of its transition.
    case noNumber
    /// A commit is answered before it is written, and never is.
    case answersEarly
}
