import Synchronization

/// The places of a function: as many invocations as its concurrency allows go on at once, the others wait in turn.
final class FunctionPlaces: Sendable {
    private struct State {
        var inUse = 0
        var lastID = 0
        var waiting: [(id: Int, continuation: CheckedContinuation<Bool, Never>)] = []
        /// Who gave up before waiting.
        var gaveUp: Set<Int> = []
    }

    private let count: Int
    private let state = Mutex(State())

    init(_ count: Int) { self.count = count }

    /// How many more invocations would begin at once.
    var free: Int { state.withLock { max(0, count - $0.inUse - $0.waiting.count) } }

    /// Does something in a place, once there is one; `nil` if the task is cancelled before.
    func use<Result: Sendable>(_ body: () async -> Result) async -> Result? {
        guard await take() else { return nil }
        defer { give() }
        return Task.isCancelled ? nil : await body()
    }

    private func take() async -> Bool {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        let isGiven = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    if state.gaveUp.contains(id) { return false }
                    guard state.inUse >= count else {
                        state.inUse += 1
                        return true
                    }
                    state.waiting.append((id, continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            giveUp(id)
        }
        state.withLock { _ = $0.gaveUp.remove(id) }
        return isGiven
    }

    /// Hands the place on to who has waited longest.
    private func give() {
        let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst().continuation }
            state.inUse -= 1
            return nil
        }
        next?.resume(returning: true)
    }

    private func giveUp(_ id: Int) {
        let one = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            guard let index = state.waiting.firstIndex(where: { $0.id == id }) else {
                state.gaveUp.insert(id)
                return nil
            }
            return state.waiting.remove(at: index).continuation
        }
        one?.resume(returning: false)
    }
}
