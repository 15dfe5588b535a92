/// How a state of an execution stands, over all its visits.
package enum StateStatus: String, Sendable, CaseIterable {
    case running
    case succeeded
    /// It failed, and a catcher went on from there.
    case caught
    case failed
    /// It was ended from outside: by a sibling's failure, a stop, or the execution's timeout.
    case aborted
}
