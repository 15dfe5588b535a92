import Store
import Synchronization

/// Finds things by their names for requests that come at once with one statement: while one is under way, the next gathers.
///
/// A request is answered by a statement that began after it came, so that it sees what was there before it; nothing is
/// remembered from one statement to the next.
final class JoinedLookups<Found: Sendable>: Sendable {
    /// Finds what there is of some names.
    typealias Finder = @Sendable ([String]) async throws(StoreError) -> [String: Found]
    private typealias Answer = Result<Found?, StoreError>

    private struct State {
        var isBusy = false
        var waiting: [String: [CheckedContinuation<Answer, Never>]] = [:]
    }

    private let finder: Finder
    private let state = Mutex(State())

    init(_ finder: @escaping Finder) { self.finder = finder }

    /// How many wait for the next statement.
    var waitingCount: Int { state.withLock { $0.waiting.values.reduce(0) { $0 + $1.count } } }

    /// Finds what has a name.
    ///
    /// The statement is no matter of the caller's task, which would keep the room that it took on its stack while it waits
    /// for something else.
    func find(_ name: String) async throws(StoreError) -> Found? {
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
            let found: Result<[String: Found], StoreError>
            do { found = .success(try await finder(Array(waiting.keys))) } catch { found = .failure(error) }
            for (name, continuations) in waiting {
                let answer: Answer = found.map { $0[name] }
                for continuation in continuations { continuation.resume(returning: answer) }
            }
        }
    }
}
