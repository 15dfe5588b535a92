import Store
import Synchronization

/// Finds state machines for requests that come at once with one statement: while one is under way, the next gathers.
///
/// A request is answered by a statement that began after it came, so that it sees what was there before it; nothing is
/// remembered from one statement to the next.
final class HeadLookups: Sendable {
    typealias Finder = @Sendable ([String]) async throws(StoreError) -> [StateMachineHead]
    private typealias Answer = Result<StateMachineHead?, StoreError>

    private struct State {
        var isBusy = false
        var waiting: [String: [CheckedContinuation<Answer, Never>]] = [:]
    }

    private let finder: Finder
    private let state = Mutex(State())

    init(_ finder: @escaping Finder) { self.finder = finder }

    /// How many wait for the next statement.
    var waitingCount: Int { state.withLock { $0.waiting.values.reduce(0) { $0 + $1.count } } }

    /// Finds the machine of a name.
    func find(_ name: String) async throws(StoreError) -> StateMachineHead? {
        let answer = await withCheckedContinuation { continuation in
            let isFirst = state.withLock { state in
                state.waiting[name, default: []].append(continuation)
                defer { state.isBusy = true }
                return !state.isBusy
            }
            // Not the request's own task: others wait for the answer when its client has gone.
            if isFirst { Task { await self.work() } }
        }
        return try answer.get()
    }

    private func work() async {
        while true {
            let waiting = state.withLock { state in
                defer { state.waiting = [:] }
                if state.waiting.isEmpty { state.isBusy = false }
                return state.waiting
            }
            guard !waiting.isEmpty else { return }
            let found: Result<[StateMachineHead], StoreError>
            do { found = .success(try await finder(Array(waiting.keys))) } catch { found = .failure(error) }
            for (name, continuations) in waiting {
                let answer: Answer = found.map { heads in heads.first { $0.name == name } }
                for continuation in continuations { continuation.resume(returning: answer) }
            }
        }
    }
}
