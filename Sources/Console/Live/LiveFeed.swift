package import Engine
import Interpreter
import Lifecycle
package import Store
import Synchronization
import Telemetry

/// Finds out what changes, once for all pages that look on.
///
/// It says what its pages look at, and asks the database when it is told that something of that has changed: one statement for
/// the events of all executions that are followed and have changed, one for what was started or ended lately. So the database
/// is asked the same however many pages are open, and hardly at all while nothing changes (``Onlookers``).
package final class LiveFeed: Runnable {
    /// What a page is told.
    enum Message: Sendable {
        /// An execution's next events, whose ids follow each other.
        case events([EventOutline])
        /// The execution's row, after it has ended or gone on.
        case execution(ExecutionRecord)
        /// Executions that were started or have ended.
        case executions([ExecutionSummary])
        /// Nothing, so that a connection that is gone is noticed.
        case nothing
    }

    private struct Watch {
        var machine: String
        var name: String
        /// The last event that was sent to all who follow.
        var position: Int
        var pages: [Int: AsyncStream<Message>.Continuation] = [:]
    }

    private struct State {
        var nextPage = 0
        var watches: [ExecutionID: Watch] = [:]
        var lists: [Int: AsyncStream<Message>.Continuation] = [:]
        /// What was told of recent executions.
        var told: [ExecutionID: ExecutionStatus] = [:]
        /// When that was asked for.
        var toldAt = ContinuousClock.now
        /// What was said to be looked at.
        var said = Sight()
        var isStopping = false
        var queries = 0

        var sight: Sight { Sight(executions: Set(watches.keys), lists: !lists.isEmpty) }
    }

    /// What changes within this time is asked for together.
    private static let pace = Duration.milliseconds(200)
    private static let rows = 1_000
    private let store: Store
    let onlookers: Onlookers
    private let log: Logger
    private let state = Mutex(State())
    private let over = Gate()

    package init(store: Store, onlookers: Onlookers) {
        self.store = store
        self.onlookers = onlookers
        log = Logger(label: "console.live")
    }

    // MARK: Following

    /// How many pages are open, for tests and metrics.
    package var pageCount: Int {
        state.withLock { state in state.lists.count + state.watches.values.reduce(0) { $0 + $1.pages.count } }
    }

    /// How often the database was asked, for tests and metrics.
    package var queryCount: Int { state.withLock { $0.queries } }

    /// Follows an execution from behind an event that the page knows.
    ///
    /// - Returns: What comes, and the last event that others were told: what lies between is the caller's to read.
    func follow(_ record: ExecutionRecord, from known: Int) -> (messages: AsyncStream<Message>, position: Int) {
        let (stream, continuation) = AsyncStream.makeStream(of: Message.self, bufferingPolicy: .bufferingOldest(1_000))
        let position = looking { state in
            if state.isStopping { continuation.finish() }
            state.nextPage += 1
            let page = state.nextPage
            let watch = Watch(machine: record.summary.stateMachineName, name: record.name, position: known)
            state.watches[record.id, default: watch].pages[page] = continuation
            continuation.onTermination = { [weak self] _ in self?.leave(record.id, page) }
            return state.watches[record.id]?.position ?? known
        }
        return (stream, position)
    }

    /// Follows which executions start and end.
    func followList() -> AsyncStream<Message> {
        let (stream, continuation) = AsyncStream.makeStream(of: Message.self, bufferingPolicy: .bufferingNewest(100))
        looking { state in
            if state.isStopping { continuation.finish() }
            if state.lists.isEmpty { state.toldAt = .now }
            state.nextPage += 1
            let page = state.nextPage
            state.lists[page] = continuation
            continuation.onTermination = { [weak self] _ in
                self?.looking { _ = $0.lists.removeValue(forKey: page) }
            }
        }
        return stream
    }

    private func leave(_ id: ExecutionID, _ page: Int) {
        looking { state in
            state.watches[id]?.pages[page] = nil
            if state.watches[id]?.pages.isEmpty == true { state.watches[id] = nil }
        }
    }

    /// Changes who looks at what, and says it where that makes a difference.
    private func looking<Result>(_ change: (inout State) -> Result) -> Result {
        state.withLock { state in
            defer {
                let sight = state.sight
                if sight != state.said {
                    state.said = sight
                    // Under the lock, so that the last one said is the last one that was.
                    onlookers.look(at: sight)
                }
            }
            return change(&state)
        }
    }

    // MARK: Running

    package func run() async throws {
        await withDiscardingTaskGroup { group in
            group.addTask {
                while (try? await Task.sleep(for: .seconds(15))) != nil { self.ping() }
            }
            group.addTask { await self.tellAll() }
            try? await over.wait()
            group.cancelAll()
        }
    }

    private func tellAll() async {
        for await _ in onlookers.changes {
            let changed = onlookers.takeChanged()
            do {
                try await tellEvents(changed)
                if changed.lists { try await tellList() }
            } catch {
                log.debug("pages are told nothing new", [("reason", error)])
                // Once more, then: what has changed is told however long the database was away.
                onlookers.lookAgain(at: changed)
            }
            if (try? await Task.sleep(for: Self.pace)) == nil { return }
        }
    }

    /// Ends every stream: a process that ends does not wait for those who look on.
    package func stop() async {
        let pages = state.withLock { state in
            state.isStopping = true
            return Array(state.lists.values) + state.watches.values.flatMap { Array($0.pages.values) }
        }
        for page in pages { page.finish() }
        over.open()
    }

    private func ping() {
        let pages = state.withLock { state in
            Array(state.lists.values) + state.watches.values.flatMap { Array($0.pages.values) }
        }
        for page in pages { page.yield(.nothing) }
    }

    private func tellEvents(_ changed: Sight) async throws(StoreError) {
        var positions = state.withLock { $0.watches.mapValues(\.position) }
        if let executions = changed.executions { positions = positions.filter { executions.contains($0.key) } }
        guard !positions.isEmpty else { return }
        state.withLock { $0.queries += 1 }
        for (id, events) in try await store.readOutlines(after: positions, limit: Self.rows) {
            guard let last = events.last else { continue }
            send(.events(events), of: id, upTo: last.id)
            // There may be more than are read at once.
            if events.count >= Self.rows { onlookers.lookAgain(at: Sight(executions: [id])) }
            let ends = [
                "ExecutionSucceeded", "ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted", "ExecutionRedriven",
            ]
            guard events.contains(where: { ends.contains($0.type.rawValue) }),
                let (machine, name) = state.withLock({ state in state.watches[id].map { ($0.machine, $0.name) } }),
                let record = try await store.findExecution(named: name, ofMachineNamed: machine)
            else { continue }
            send(.execution(record), of: id, upTo: last.id)
        }
    }

    private func send(_ message: Message, of id: ExecutionID, upTo position: Int) {
        let pages = state.withLock { state in
            state.watches[id]?.position = position
            return state.watches[id].map { Array($0.pages.values) } ?? []
        }
        for page in pages { page.yield(message) }
    }

    private func tellList() async throws(StoreError) {
        guard state.withLock({ !$0.lists.isEmpty }) else { return }
        state.withLock { $0.queries += 1 }
        let now = ContinuousClock.now
        let since: Duration = now - state.withLock { $0.toldAt }
        let recent = try await store.recentlyChangedExecutions(
            within: max(.seconds(10), since + .seconds(5)),
            limit: 100
        )
        let (pages, changed) = state.withLock { state in
            let changed = recent.filter { state.told[$0.id] != $0.status }
            state.told = Dictionary(recent.map { ($0.id, $0.status) }) { first, _ in first }
            state.toldAt = now
            return (Array(state.lists.values), changed)
        }
        guard !changed.isEmpty else { return }
        for page in pages { page.yield(.executions(changed)) }
    }
}
