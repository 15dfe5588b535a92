import Synchronization

/// One connection to PostgreSQL.
///
/// libpq blocks, so the actor runs on a queue of its own. Statements of several callers are performed one after the other;
/// while a transaction is open, only its own. Everything is sent and answered in binary form, and a statement's text is
/// prepared the first time it is used.
///
/// When the task that waits for an answer is cancelled, the server is asked to cancel what it is doing: the call then
/// throws an error whose ``PostgresError/isCancellation`` holds, or succeeds if the server had finished. COMMIT is not
/// undone by it. A connection that was lost stays lost; ``Pool`` makes new ones.
package actor Connection {
    private let executor: QueueExecutor
    private let turn = Turn()
    private let trips = RoundTrips()
    private let calls = Atomic<Int>(0)
    private let cancellation = Mutex<Canceller?>(nil)
    private var session: Session?
    private var phase = Phase.idle

    /// Where the transaction of ``Transaction`` stands.
    private enum Phase {
        /// There is none.
        case idle
        /// Its BEGIN goes with its first statement.
        case wanted(begin: String)
        /// It is open.
        case open
        /// It has been committed.
        case ended
    }

    /// What a call does to the transaction it belongs to.
    enum Closing: Sendable {
        /// It stays open.
        case stay
        /// The body commits it with its last statements.
        case commit
        /// The body is over: what is open is committed.
        case finish
    }

    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    private init() { executor = QueueExecutor(label: "braid.postgres") }

    /// Connects, and makes the session's settings.
    package static func connect(to settings: ConnectionSettings) async throws(PostgresError) -> Connection {
        let connection = Connection()
        try await connection.open(settings)
        return connection
    }

    private func open(_ settings: ConnectionSettings) throws(PostgresError) {
        let session = try Session(settings, trips: trips)
        cancellation.withLock { $0 = session.canceller }
        self.session = session
    }

    /// How often it has waited for the server since it was connected, for benchmarks.
    package nonisolated var roundTrips: Int { trips.count }

    /// Whether it can be used; a loss that nobody has noticed yet is not known here.
    package var isOpen: Bool { session?.isOpen ?? false }

    /// Whether it can be used, after a look at the socket: finds out that the server has gone, without a round trip.
    package var isAlive: Bool { session?.isAlive ?? false }

    /// Whether a transaction is open on it.
    package var isInTransaction: Bool { session?.isInTransaction ?? false }

    /// The server's process, as `pg_stat_activity` has it.
    package var processID: Int32 { session?.processID ?? 0 }

    /// The server's version, such as 150004.
    package var serverVersion: Int { session?.serverVersion ?? 0 }

    /// Ends the connection; what is called afterwards throws.
    package func close() {
        cancellation.withLock { $0 = nil }
        session = nil
    }

    /// Performs one statement, in one round trip.
    package nonisolated func query(
        _ sql: String,
        _ values: [PostgresValue] = []
    ) async throws(PostgresError) -> Rows {
        try await pipeline([Statement(sql, values)])[0]
    }

    /// Performs many statements in one round trip.
    ///
    /// Without BEGIN and COMMIT among them they are one transaction. At an error the rest is not performed, the error says
    /// which statement it was, and a transaction that is left open is rolled back.
    ///
    /// - Returns: As many results as there are statements, in order.
    package nonisolated func pipeline(_ statements: [Statement]) async throws(PostgresError) -> [Rows] {
        await turn.take()
        defer { turn.give() }
        return try await cancellable { call throws(PostgresError) in try await self.runAlone(statements, call: call) }
    }

    /// Performs a script of any number of statements that give nothing, such as a migration; one transaction unless it holds
    /// BEGIN and COMMIT of its own.
    package nonisolated func run(script: String) async throws(PostgresError) {
        await turn.take()
        defer { turn.give() }
        try await cancellable { call throws(PostgresError) in try await self.run(script: script, call: call) }
    }

    /// Runs the body in a transaction that nobody else's statements get into.
    ///
    /// BEGIN travels with the first statement, COMMIT is a round trip of its own unless the body ends the transaction with
    /// ``Transaction/commit(_:)``. An error of the body rolls back. If the connection is lost while COMMIT is in flight, the
    /// error is a connection loss and whether it was committed is not known. The body must not use the connection itself,
    /// which waits for the transaction's end.
    package nonisolated func transaction<T>(
        _ kind: TransactionKind = .readCommitted,
        _ body: (Transaction) async throws(PostgresError) -> T
    ) async throws(PostgresError) -> T {
        try await transaction(kind, failure: { $0 }, body)
    }

    /// The same for a body with errors of its own; `failure` makes those of the transaction into them.
    package nonisolated func transaction<T, Failure: Error>(
        _ kind: TransactionKind = .readCommitted,
        failure: (PostgresError) -> Failure,
        _ body: (Transaction) async throws(Failure) -> T
    ) async throws(Failure) -> T {
        await turn.take()
        defer { turn.give() }
        await want(kind)
        let value: T
        do { value = try await body(Transaction(connection: self)) } catch {
            await endAfterFailure()
            throw error
        }
        do { _ = try await runInTransaction([], closing: .finish) } catch {
            await endAfterFailure()
            throw failure(error)
        }
        return value
    }

    /// Performs statements of the transaction whose turn it is.
    nonisolated func runInTransaction(
        _ statements: [Statement],
        closing: Closing
    ) async throws(PostgresError) -> [Rows] {
        try await cancellable { call throws(PostgresError) in
            try await self.run(statements, closing: closing, call: call)
        }
    }

    private nonisolated func cancellable<T: Sendable>(
        _ body: @Sendable (Int) async throws(PostgresError) -> T
    ) async throws(PostgresError) -> T {
        let call = calls.wrappingAdd(1, ordering: .relaxed).newValue
        let result: Result<T, PostgresError> = await withTaskCancellationHandler {
            do throws(PostgresError) { return .success(try await body(call)) } catch { return .failure(error) }
        } onCancel: {
            cancellation.withLock { $0 }?.cancel(call)
        }
        return try result.get()
    }

    /// Performs one pipeline after another on the connection's own thread, until there is none left, for benchmarks: what a
    /// server does by itself must not be measured with hops between threads.
    ///
    /// The connection must be the caller's alone.
    ///
    /// - Parameter next: The statements of the pipeline with this number, counted from 0; `nil` ends it.
    /// - Throws: The first error of one; those after it are not sent.
    package func performAll(_ next: @Sendable (Int) -> [Statement]?) throws(PostgresError) {
        guard let session else { throw .connection("the connection is closed") }
        var number = 0
        while let statements = next(number) {
            _ = try session.run(statements)
            number += 1
        }
    }

    /// Listens to channels, whose names are taken as they are.
    func listen(to channels: [String]) throws(PostgresError) {
        guard let session else { throw .connection("the connection is closed") }
        let statements = channels.map { channel in
            let name = channel.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
            return Statement("LISTEN \"\(name)\"", isPrepared: false)
        }
        _ = try session.run(statements)
    }

    /// Waits for notifications, or until woken; blocks the connection meanwhile.
    func notifications(_ waker: Waker) throws(PostgresError) -> [Notifications.Event] {
        guard let session else { throw .connection("the connection is closed") }
        return try session.notifications(waker)
    }

    // MARK: On the connection's own thread

    private func perform<T>(
        _ call: Int,
        _ body: (Session) throws(PostgresError) -> T
    ) throws(PostgresError) -> T {
        guard let session else { throw .connection("the connection is closed") }
        session.canceller.setInFlight(call)
        defer { session.canceller.setInFlight(nil) }
        if Task.isCancelled { throw .cancelled }
        return try body(session)
    }

    private func runAlone(_ statements: [Statement], call: Int) throws(PostgresError) -> [Rows] {
        guard !statements.isEmpty else { return [] }
        do { return try perform(call) { session throws(PostgresError) in try session.run(statements) } } catch {
            endAfterFailure()
            throw error
        }
    }

    private func run(script: String, call: Int) throws(PostgresError) {
        do { try perform(call) { session throws(PostgresError) in try session.run(script: script) } } catch {
            endAfterFailure()
            throw error
        }
    }

    private func want(_ kind: TransactionKind) { phase = .wanted(begin: kind.begin) }

    private func run(_ statements: [Statement], closing: Closing, call: Int) throws(PostgresError) -> [Rows] {
        var sent = statements
        switch (phase, closing) {
        case (.idle, _), (.ended, .stay), (.ended, .commit): throw .rolledBack
        case (.ended, .finish), (.wanted, .finish):
            phase = .idle
            return []
        case (.wanted, _) where statements.isEmpty:
            phase = .ended
            return []
        case (.wanted(let begin), _): sent.insert(Statement(begin), at: 0)
        case (.open, _): break
        }
        let skipped = sent.count - statements.count
        if closing != .stay { sent.append(Statement("COMMIT")) }
        var results: [Rows]
        do { results = try perform(call) { session throws(PostgresError) in try session.run(sent) } } catch {
            if !error.isOurs { phase = isInTransaction ? .open : .idle }
            throw error.withStatementsBefore(skipped)
        }
        // A transaction in which a statement has failed answers COMMIT with ROLLBACK, and no error.
        let isCommitted = closing != .stay && results.removeLast().commandTag == "COMMIT"
        switch closing {
        case .stay: phase = .open
        case .commit where isCommitted: phase = .ended
        case .commit, .finish: phase = .idle
        }
        guard closing == .stay || isCommitted else { throw .rolledBack }
        results.removeFirst(skipped)
        return results
    }

    /// Ends what a failure left open; a connection where that fails too is given up.
    ///
    /// Not for cancellation to stop: the next caller must not find the transaction.
    private func endAfterFailure() {
        phase = .idle
        guard let session, session.isOpen, session.isInTransaction else { return }
        do { _ = try session.run([Statement("ROLLBACK")]) } catch { close() }
    }
}

extension PostgresError {
    /// Whether the statements were never sent.
    fileprivate var isOurs: Bool {
        switch self {
        case .cancelled, .nulInText, .tooLarge: true
        default: false
        }
    }

    /// The error as the caller counts its statements, who does not know of some that were put before them.
    fileprivate func withStatementsBefore(_ count: Int) -> PostgresError {
        guard case .server(var error) = self, let index = error.statementIndex else { return self }
        error.statementIndex = index >= count ? index - count : nil
        return .server(error)
    }
}
