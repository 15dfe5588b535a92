import Synchronization

/// What somebody sleeps by: until a time, or until it rings.
///
/// A ring that nobody sleeps through is not lost.
final class Alarm: Sendable {
    private struct State {
        var isRinging = false
        var sleeper: Task<Void, Never>?
    }

    private let state = Mutex(State())

    /// Ends the sleep under way, or else the next one before it begins.
    func ring() {
        let sleeper = state.withLock { state in
            state.isRinging = true
            return state.sleeper
        }
        sleeper?.cancel()
    }

    /// Whether it has rung, and nobody has slept through that.
    var isRinging: Bool { state.withLock { $0.isRinging } }

    /// Sleeps until it rings, at most so long; for one sleeper at a time.
    func sleep(atMost time: Duration) async {
        let sleeper = Task { _ = try? await Task.sleep(for: max(.zero, time)) }
        let rang = state.withLock { state in
            state.sleeper = sleeper
            return state.isRinging
        }
        if rang { sleeper.cancel() }
        await withTaskCancellationHandler {
            await sleeper.value
        } onCancel: {
            sleeper.cancel()
        }
        state.withLock { state in
            state.sleeper = nil
            state.isRinging = false
        }
    }
}
