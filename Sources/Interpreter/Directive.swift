package import JSON
package import StatesLanguage

/// What a branch asks for once its transition is committed.
package enum Directive: Sendable {
    /// Resume at once with ``Happening/begin``: a chain grew long, or (a settle, DESIGN §6) the id of an event that this
    /// transition writes is needed to go on.
    case proceed
    /// Perform a Task's attempt; resume with what came of it.
    case perform(TaskRequest)
    /// Wait for an outside event (a callback, an activity, a child execution) that carries the branch's `taskToken`,
    /// at most until the branch's `deadline`.
    case await(TaskRequest)
    /// Sleep until then; resume with ``Happening/begin``.
    case sleep(until: Timestamp)
    /// Start children; resume when they have ended.
    case fork(Fork)
    /// See to a map run; resume with what came of it, as of a Task's attempt.
    case distribute(MapRunRequest)
    /// The branch ends with an output.
    case complete(JSONText)
    /// The branch ends with a failure.
    case fail(Failure)
}
