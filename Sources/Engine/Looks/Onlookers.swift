import Lifecycle
package import Store
import Synchronization
package import Telemetry

/// Brings those who look on the news that something has changed, from whichever process committed it.
///
/// A process in which somebody looks at something says so to all by NOTIFY, now and every few seconds; the others tell it, by
/// NOTIFY too, when they have committed what it looks at. So nobody asks the database while nothing changes, but for the look
/// below, and while nobody looks on a commit costs nothing more. No notification is sent inside of a commit, where it would
/// take a lock that all commits share, and changes within a tenth of a second are told together. What a lost notification
/// would have told is looked for every few seconds.
package final class Onlookers: Runnable {
    private struct Elsewhere {
        var sight: Sight
        var until: ContinuousClock.Instant
    }

    private struct State {
        /// What is looked at here.
        var here = Sight()
        /// Until when lists are looked at besides: by those who ask now and then.
        var listsUntil = ContinuousClock.now
        /// What is looked at elsewhere, by process.
        var elsewhere: [String: Elsewhere] = [:]
        /// What has changed and was not looked for yet.
        var changed = Sight()
        /// What has changed and others were not told yet.
        var untold = Sight()
        /// In how many beats it is looked for what was committed before others had heard what is looked at here.
        var beatsToLook = 0
        var listChanges = 0

        func seen(at time: ContinuousClock.Instant) -> Sight {
            var sight = here
            if listsUntil > time { sight.lists = true }
            return sight
        }

        var isAnyone: Bool { !elsewhere.isEmpty || !seen(at: .now).isEmpty }

        /// Keeps in mind what of it is looked at here.
        ///
        /// - Returns: Whether anything is.
        mutating func count(_ sight: Sight) -> Bool {
            if sight.lists { listChanges += 1 }
            return look(for: sight)
        }

        /// The same of what may have changed.
        mutating func look(for sight: Sight) -> Bool {
            let mine = sight.intersection(seen(at: .now))
            changed.unite(mine)
            return !mine.isEmpty
        }
    }

    /// How often what is looked at is said again, and looked at whether anything was told or not.
    private static let pace = 5
    /// For how long others believe it.
    private static let belief = Duration.seconds(15)
    private let store: Store
    private let logger: Logger
    /// Who says what comes from this process.
    private let name = String(UInt64.random(in: .min ... .max), radix: 16)
    private let state = Mutex(State())
    private let isAnyone = Atomic(false)
    private let (tells, tell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    private let news: AsyncStream<Void>.Continuation
    /// Yields when something has changed that is looked at here, of which ``takeChanged()`` tells; for one consumer.
    package let changes: AsyncStream<Void>

    package init(store: Store, logger: Logger) {
        self.store = store
        self.logger = logger
        (changes, news) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    // MARK: Who looks on here

    /// Says what is looked at from now on; what was looked at before is not any more.
    package func look(at sight: Sight) {
        change { state in
            let isMore = !state.seen(at: .now).covers(sight)
            state.here = sight
            if isMore { state.beatsToLook = 2 }
            return isMore
        }
    }

    /// Says that lists are looked at for the next 10 s, by someone who keeps what was read until something changes.
    package func lookAtLists() {
        change { state in
            let isNew = state.listsUntil <= .now && !state.here.lists
            state.listsUntil = .now + .seconds(10)
            if isNew { state.beatsToLook = 2 }
            return isNew
        }
    }

    /// How often lists have changed, as far as this process knows: what was read stands while this does.
    package var listChanges: Int { state.withLock { $0.listChanges } }

    /// What has changed since this was last asked, of what is looked at here.
    package func takeChanged() -> Sight {
        state.withLock { state in
            defer { state.changed = Sight() }
            return state.changed
        }
    }

    // MARK: What changes

    /// Takes note of what was committed.
    func note(_ submission: Submission, _ answer: Answer) {
        guard isAnyone.load(ordering: .relaxed) else { return }
        let sight = Sight(submission, answer)
        if !sight.isEmpty { changed(sight) }
    }

    /// Says that something has changed, here, that others may not know of.
    package func changed(_ sight: Sight) {
        guard isAnyone.load(ordering: .relaxed) else { return }
        let (isHere, isElsewhere) = state.withLock { state in
            for other in state.elsewhere.values { state.untold.unite(other.sight.intersection(sight)) }
            return (state.count(sight), !state.untold.isEmpty)
        }
        if isHere { news.yield() }
        if isElsewhere { tell.yield() }
    }

    /// Has what is looked at here looked at once more: not all that has changed was read.
    package func lookAgain(at sight: Sight) {
        if state.withLock({ $0.look(for: sight) }) { news.yield() }
    }

    // MARK: What others say

    /// Takes note of what another process looks at, or has changed.
    func heard(_ channel: Store.Channel, _ payload: String) {
        let words = payload.split(separator: " ")
        guard let sender = words.first.map({ String($0) }), sender != name else { return }
        let sight = Sight(words: words.dropFirst())
        switch channel {
        case .looks:
            change { state in
                state.elsewhere[sender] = sight.isEmpty ? nil : Elsewhere(sight: sight, until: .now + Self.belief)
                return false
            }
        case .changes: if state.withLock({ $0.count(sight) }) { news.yield() }
        case .ready, .express, .revoked: break
        }
    }

    /// What was notified before is lost.
    func reconnected() {
        if state.withLock({ $0.count(.all) }) { news.yield() }
        tell.yield()
    }

    private func change(_ body: (inout State) -> Bool) {
        let isMore = state.withLock { state in
            let isMore = body(&state)
            isAnyone.store(state.isAnyone, ordering: .relaxed)
            return isMore
        }
        if isMore { tell.yield() }
    }

    // MARK: Running

    package func run() async throws {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.beat() }
            for await _ in tells {
                await say()
                try? await Task.sleep(for: .milliseconds(100))
            }
            group.cancelAll()
        }
    }

    package func stop() async {
        tell.finish()
        news.finish()
    }

    /// What was committed before others had heard what is looked at here is looked for a second later, and what a lost
    /// notification would have told, every few seconds.
    private func beat() async {
        var seconds = 0
        while (try? await Task.sleep(for: .seconds(1))) != nil {
            seconds += 1
            let isTurn = seconds % Self.pace == 0
            let (isHere, isLooking) = state.withLock { state in
                let time = ContinuousClock.now
                state.elsewhere = state.elsewhere.filter { $0.value.until > time }
                isAnyone.store(state.isAnyone, ordering: .relaxed)
                let isLooking = !state.seen(at: time).isEmpty
                state.beatsToLook -= 1
                guard isTurn || state.beatsToLook == 0 else { return (false, isLooking) }
                return (state.look(for: .all), isLooking)
            }
            if isHere { news.yield() }
            if isTurn, isLooking { tell.yield() }
        }
    }

    private func say() async {
        let (untold, seen) = state.withLock { state in
            defer { state.untold = Sight() }
            return (state.untold, state.seen(at: .now))
        }
        var messages: [(channel: Store.Channel, payload: String)] = []
        if !untold.isEmpty { messages.append((.changes, "\(name) \(untold.text)")) }
        if !seen.isEmpty { messages.append((.looks, "\(name) \(seen.text)")) }
        guard !messages.isEmpty else { return }
        do {
            try await store.notify(messages)
        } catch {
            logger.debug("nobody was told of changes", [("reason", error)])
        }
    }
}
