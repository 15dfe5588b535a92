/// A part of a process that runs until it is stopped.
///
/// ``run()`` is the whole contract: while it has not returned, the part works. ``stop()`` asks it to drain: nothing new is
/// begun, what has begun is finished, then ``run()`` returns. A stop asked before ``run()`` is not lost: that `run()` returns
/// at once. To bound the drain, cancel the task that runs it.
package protocol Runnable: Sendable {
    /// Works until stopped; throws what made it unable to go on.
    func run() async throws

    /// Asks `run()` to drain and return; need not wait for that.
    func stop() async
}
