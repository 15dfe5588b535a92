import Engine
import JSON
import Store
import Synchronization

/// Answers that many pages ask for again and again, each read once for all of them.
///
/// One stands for a second, and for five while no list changes (``Onlookers``): so pages that ask each second cost the database
/// nothing while nothing happens.
final class SharedAnswers: Sendable {
    private struct Kept {
        var task: Task<JSONValue?, Never>
        var readAt: ContinuousClock.Instant
        /// How often lists had changed before it was read.
        var listChanges: Int
    }

    /// How many answers are kept in mind.
    private static let most = 300
    private let onlookers: Onlookers
    private let kept = Mutex<[String: Kept]>([:])

    init(onlookers: Onlookers) {
        self.onlookers = onlookers
    }

    /// The answer of a name, read now or by an earlier asker.
    ///
    /// - Parameters:
    ///   - name: What is asked for, with all that it depends on.
    ///   - longest: For how long it may stand: less where it changes with more than lists.
    ///   - read: Reads it.
    /// - Throws: A ``Refusal`` where the database does not answer.
    /// - Returns: What was read, at most that long ago.
    func answer(
        _ name: String,
        longest: Duration = .seconds(5),
        _ read: @escaping @Sendable () async throws(StoreError) -> JSONValue
    ) async throws -> JSONValue {
        onlookers.lookAtLists()
        let task = kept.withLock { kept in
            let now = ContinuousClock.now
            let changes = onlookers.listChanges
            if let known = kept[name], now < known.readAt + (known.listChanges == changes ? longest : .seconds(1)) {
                return known.task
            }
            if kept.count >= Self.most { kept = kept.filter { now < $0.value.readAt + .seconds(1) } }
            let task = Task { try? await read() }
            kept[name] = Kept(task: task, readAt: now, listChanges: changes)
            return task
        }
        guard let answer = await task.value else {
            kept.withLock { kept in kept[name] = kept[name]?.task == task ? nil : kept[name] }
            throw Refusal(status: 503, message: "the database does not answer")
        }
        return answer
    }
}
