package import Store

/// A Task's attempt under one lease.
///
/// A kept branch begins attempt after attempt under the same lease, so that alone tells nothing: what is still heard of an
/// attempt that has ended must not be taken for the next one's end.
package struct AttemptID: Sendable, Hashable {
    package let key: BranchKey
    package let lease: Lease
    /// The number of transitions when it was begun.
    package let number: Int

    package init(key: BranchKey, lease: Lease, number: Int) {
        self.key = key
        self.lease = lease
        self.number = number
    }
}
