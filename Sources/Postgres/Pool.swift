import Lifecycle
import Synchronization
package import Telemetry

/// A bounded number of connections, lent one at a time.
///
/// Connections are made when they are first wanted, and again with backoff after they were lost; a connection is looked at
/// before it is lent and when it comes back. A request waits for its place at most its patience. Running it is optional: it
/// works from its first request on, and ``run()`` returns when it was stopped and everything has come back.
package final class Pool: Runnable {
    /// Where the connections go.
    package let settings: ConnectionSettings
    /// How many there are at most.
    package let limit: Int
    private let patience: Duration
    private let backoff: Backoff
    private let log: Logger
    private let core: Mutex<Core>
    private let drained = Gate()

    private enum Grant: Sendable {
        case connection(Connection)
        case connect(failures: Int)
        case refused
        case timedOut
    }

    /// Where a request stands: an answer may come before anybody waits for it.
    private enum Waiter {
        case expected
        case granted(Grant)
        case waiting(CheckedContinuation<Grant, Never>)
    }

    private typealias Action = PoolState<ObjectIdentifier>.Action

    /// What is left to be done once the lock is released.
    ///
    /// Nobody's continuation is resumed under it: that takes a lock of the waiting task, which is held while `withdraw(_:)` is
    /// called for its cancellation, and would wait for this one.
    private struct Outcome {
        var granted: [(CheckedContinuation<Grant, Never>, Grant)] = []
        var closing: [Connection] = []
        var isDrained = false
    }

    private struct Core {
        var state: PoolState<ObjectIdentifier>
        var idle: [ObjectIdentifier: Connection] = [:]
        var nextRequest = 0
        var waiters: [Int: Waiter] = [:]
        var lastFailure: String?
    }

    /// A pool that holds no connection yet.
    ///
    /// - Parameters:
    ///   - settings: Where the connections go.
    ///   - limit: How many there are at most.
    ///   - patience: How long a request waits for a place, and for a server that cannot be reached.
    ///   - backoff: How long to wait between attempts to connect.
    ///   - log: Where lost and failed connections are told.
    package init(
        _ settings: ConnectionSettings,
        limit: Int = 8,
        patience: Duration = .seconds(30),
        backoff: Backoff = Backoff(),
        log: Logger = Logger(label: "postgres.pool")
    ) {
        self.settings = settings
        self.limit = max(1, limit)
        self.patience = patience
        self.backoff = backoff
        self.log = log
        core = Mutex(Core(state: PoolState(limit: limit)))
    }

    package func run() async throws { try await drained.wait() }

    /// Lends nothing more; ``run()`` returns when every connection has come back.
    package func stop() async { await perform { $0.stop() } }

    /// Lends a connection to the body.
    package func withConnection<T>(
        _ body: (Connection) async throws(PostgresError) -> T
    ) async throws(PostgresError) -> T {
        try await withConnection(failure: { $0 }, body)
    }

    /// Lends a connection to a body with errors of its own; `failure` makes those of the pool into them.
    package func withConnection<T, Failure: Error>(
        failure: (PostgresError) -> Failure,
        _ body: (Connection) async throws(Failure) -> T
    ) async throws(Failure) -> T {
        let connection: Connection
        do { connection = try await take() } catch { throw failure(error) }
        let value: T
        do { value = try await body(connection) } catch {
            await giveBack(connection)
            throw error
        }
        await giveBack(connection)
        return value
    }

    /// Performs one statement on any connection.
    package func query(_ sql: String, _ values: [PostgresValue] = []) async throws(PostgresError) -> Rows {
        try await withConnection { connection throws(PostgresError) in try await connection.query(sql, values) }
    }

    /// Performs many statements in one round trip on any connection: ``Connection/pipeline(_:)``.
    package func pipeline(_ statements: [Statement]) async throws(PostgresError) -> [Rows] {
        try await withConnection { connection throws(PostgresError) in try await connection.pipeline(statements) }
    }

    /// Runs the body in a transaction on any connection: ``Connection/transaction(_:_:)``.
    package func transaction<T>(
        _ kind: TransactionKind = .readCommitted,
        _ body: (Transaction) async throws(PostgresError) -> T
    ) async throws(PostgresError) -> T {
        try await transaction(kind, failure: { $0 }, body)
    }

    /// The same for a body with errors of its own; `failure` makes those of pool and transaction into them.
    package func transaction<T, Failure: Error>(
        _ kind: TransactionKind = .readCommitted,
        failure: (PostgresError) -> Failure,
        _ body: (Transaction) async throws(Failure) -> T
    ) async throws(Failure) -> T {
        try await withConnection(failure: failure) { connection throws(Failure) in
            try await connection.transaction(kind, failure: failure, body)
        }
    }

    // MARK: Lending

    private func take() async throws(PostgresError) -> Connection {
        let deadline = ContinuousClock.now + patience
        while true {
            switch await request(until: deadline) {
            case .refused: throw .poolStopped
            case .timedOut:
                if Task.isCancelled { throw .cancelled }
                throw .poolExhausted(limit: limit, lastFailure: core.withLock { $0.lastFailure })
            case .connection(let connection):
                if await connection.isAlive { return connection }
                log.info("an idle connection was lost")
                await discard(connection)
            case .connect(let failures):
                if let connection = try await connect(afterFailures: failures, until: deadline) { return connection }
            }
        }
    }

    /// Makes a connection for a place that was granted; `nil` when that failed and may be tried again.
    private func connect(
        afterFailures failures: Int,
        until deadline: ContinuousClock.Instant
    ) async throws(PostgresError) -> Connection? {
        let delay = backoff.jittered(afterFailures: failures)
        guard ContinuousClock.now + delay < deadline else {
            await perform { $0.declined() }
            throw .poolExhausted(limit: limit, lastFailure: core.withLock { $0.lastFailure })
        }
        if delay > .zero { try? await Task.sleep(for: delay) }
        if Task.isCancelled {
            await perform { $0.declined() }
            throw .cancelled
        }
        do {
            let connection = try await Connection.connect(to: settings)
            core.withLock { core in
                core.state.connected()
                core.lastFailure = nil
            }
            return connection
        } catch {
            log.warning("cannot connect", [("failures", failures + 1), ("error", error)])
            core.withLock { $0.lastFailure = error.description }
            await perform { $0.connectFailed() }
            return nil
        }
    }

    private func giveBack(_ connection: Connection) async {
        let id = ObjectIdentifier(connection)
        if await connection.isOpen, await !connection.isInTransaction {
            core.withLock { $0.idle[id] = connection }
            await perform { $0.returned(id) }
        } else {
            await discard(connection)
        }
    }

    private func discard(_ connection: Connection) async {
        await connection.close()
        await perform { $0.lost(ObjectIdentifier(connection)) }
    }

    /// Tells the state what happened, and does what it asks for.
    private func perform(_ event: @Sendable (inout PoolState<ObjectIdentifier>) -> [Action]) async {
        let outcome = core.withLock { core in
            let actions = event(&core.state)
            return Self.settle(actions, in: &core)
        }
        announce(outcome)
        for connection in outcome.closing { await connection.close() }
    }

    /// Notes what the actions ask for, and returns what is left to be done without the lock.
    private static func settle(_ actions: [Action], in core: inout Core) -> Outcome {
        var outcome = Outcome()
        for action in actions {
            switch action {
            case .lend(let id, let request):
                guard let connection = core.idle.removeValue(forKey: id) else { preconditionFailure("not idle") }
                grant(.connection(connection), to: request, in: &core, &outcome)
            case .connect(let request, let failures):
                grant(.connect(failures: failures), to: request, in: &core, &outcome)
            case .refuse(let request): grant(.refused, to: request, in: &core, &outcome)
            case .close(let ids): outcome.closing += ids.compactMap { core.idle.removeValue(forKey: $0) }
            case .drained: outcome.isDrained = true
            }
        }
        return outcome
    }

    private func announce(_ outcome: Outcome) {
        for (continuation, grant) in outcome.granted { continuation.resume(returning: grant) }
        if outcome.isDrained { drained.open() }
    }

    // MARK: Waiting

    private func request(until deadline: ContinuousClock.Instant) async -> Grant {
        let (id, outcome) = core.withLock { core in
            core.nextRequest += 1
            let id = core.nextRequest
            core.waiters[id] = .expected
            let actions = core.state.request(id)
            // Only this request can be served by its own arrival, so there is nothing to close.
            return (id, Self.settle(actions, in: &core))
        }
        announce(outcome)
        if let granted = core.withLock({ Self.takeGrant(of: id, in: &$0) }) { return granted }
        let timer = Timers.shared.set(after: ContinuousClock.now.duration(to: deadline)) { self.withdraw(id) }
        defer { Timers.shared.cancel(timer) }
        return await grant(of: id)
    }

    private func grant(of id: Int) async -> Grant {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let granted = core.withLock { core -> Grant? in
                    if let granted = Self.takeGrant(of: id, in: &core) { return granted }
                    core.waiters[id] = .waiting(continuation)
                    return nil
                }
                if let granted { continuation.resume(returning: granted) }
            }
        } onCancel: {
            withdraw(id)
        }
    }

    private func withdraw(_ id: Int) {
        let outcome = core.withLock { core in
            var outcome = Outcome()
            if core.state.withdraw(id) { Self.grant(.timedOut, to: id, in: &core, &outcome) }
            return outcome
        }
        announce(outcome)
    }

    private static func grant(_ grant: Grant, to id: Int, in core: inout Core, _ outcome: inout Outcome) {
        if case .waiting(let continuation) = core.waiters[id] {
            core.waiters[id] = nil
            outcome.granted.append((continuation, grant))
        } else {
            core.waiters[id] = .granted(grant)
        }
    }

    private static func takeGrant(of id: Int, in core: inout Core) -> Grant? {
        guard case .granted(let grant) = core.waiters[id] else { return nil }
        core.waiters[id] = nil
        return grant
    }
}
