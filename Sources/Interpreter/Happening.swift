package import JSON

/// What a branch resumes with.
package enum Happening: Sendable {
    /// Nothing from outside: it was leased where it stood, or its time has come.
    case begin
    /// The attempt's result.
    case succeeded(JSONText)
    /// The attempt failed.
    case failed(Failure)
    /// The attempt passed its deadline, or its heartbeat did.
    case timedOut(heartbeat: Bool)
    /// All children have ended: their outputs, in order, as one array.
    case joined(JSONText)
    /// All children have ended, and their outputs together are this long, which is over the limit.
    case joinedOverLimit(bytes: Int)
    /// A child failed (or one more than tolerated); all its siblings have been aborted.
    case childFailed(Failure, toleranceExceeded: Bool)
    /// What Braid itself found: the branch fails with `States.Runtime` and this cause, uncaught (a transition that the
    /// database refuses, a branch whose worker died three times).
    case broken(cause: String)
}
