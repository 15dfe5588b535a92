import CPostgres
import Glibc

/// One of libpq's connections, in pipeline mode: blocking, for one thread at a time.
///
/// Every call is one round trip: preparations of statements that are new go along with the statements, and one Sync ends
/// them. So statements that begin no transaction are one.
@safe final class Session {
    private let connection: OpaquePointer
    let canceller: Canceller
    private var cache = StatementCache()
    private var parameters = ParameterBuffer()
    private let trips: RoundTrips

    /// What the answers are expected to be, in order.
    private enum Expected {
        case preparation(Int, StatementCache.Entry)
        case result(Int, StatementCache.Entry?)
    }

    init(_ settings: ConnectionSettings, trips: RoundTrips) throws(PostgresError) {
        guard let connection = unsafe Self.open(settings.parameters) else { throw .connection("out of memory") }
        guard unsafe PQstatus(connection) == CONNECTION_OK else {
            let message = unsafe String(cString: PQerrorMessage(connection))
            unsafe PQfinish(connection)
            throw .connection(message.trimmed)
        }
        _ = unsafe PQsetNoticeReceiver(connection, { _, _ in }, nil)
        unsafe self.connection = unsafe connection
        self.trips = trips
        canceller = unsafe Canceller(connection)
        guard unsafe PQenterPipelineMode(connection) == 1 else { throw lost() }
        let settings = settings.session.sorted { $0.key < $1.key }
        if !settings.isEmpty {
            let calls = settings.indices.map { "set_config($\($0 * 2 + 1), $\($0 * 2 + 2), false)" }
            let values = settings.flatMap { [PostgresValue.text($0.key), .text($0.value)] }
            _ = try run([Statement("SELECT \(calls.joined(separator: ", "))", values, isPrepared: false)])
        }
    }

    deinit { unsafe PQfinish(connection) }

    private static func open(_ parameters: [(String, String)]) -> OpaquePointer? {
        let keywords = unsafe parameters.map { unsafe strdup($0.0) } + [nil]
        let values = unsafe parameters.map { unsafe strdup($0.1) } + [nil]
        defer { unsafe (keywords + values).forEach { unsafe free($0) } }
        return unsafe keywords.map { unsafe UnsafePointer($0) }.withUnsafeBufferPointer { keywords in
            unsafe values.map { unsafe UnsafePointer($0) }.withUnsafeBufferPointer { values in
                unsafe PQconnectdbParams(keywords.baseAddress, values.baseAddress, 1)
            }
        }
    }

    /// Whether libpq still believes in the connection.
    var isOpen: Bool { unsafe PQstatus(connection) == CONNECTION_OK }

    /// Whether the server is still there, as far as the socket knows.
    ///
    /// What an idle session has to read is a notice, or the server's last words and then the end, which are two reads.
    var isAlive: Bool {
        for _ in 0..<3 {
            guard isOpen else { return false }
            var descriptor = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&descriptor, 1, 0) > 0 else { return true }
            guard unsafe PQconsumeInput(connection) == 1 else { return false }
        }
        return false
    }

    /// The connection's socket, for waiting.
    var socket: Int32 { unsafe PQsocket(connection) }

    /// The server's process, as `pg_stat_activity` has it.
    var processID: Int32 { unsafe PQbackendPID(connection) }

    /// The server's version, such as 150004.
    var serverVersion: Int { unsafe Int(PQserverVersion(connection)) }

    /// Whether a transaction is open, failed or not.
    var isInTransaction: Bool { unsafe PQtransactionStatus(connection) != PQTRANS_IDLE }

    /// Performs statements in one round trip.
    ///
    /// The first that fails names itself in the error, those after it are not performed, and the connection can be used on;
    /// a transaction that was left open is not ended here.
    func run(_ statements: [Statement]) throws(PostgresError) -> [Rows] {
        guard isOpen else { throw lost() }
        try parameters.fill(statements)
        let expected = try send(statements)
        trips.increment()
        return try receive(expected, of: statements)
    }

    /// Performs a script of any number of statements without parameters, by the simple protocol; one transaction unless it
    /// holds its own.
    func run(script: String) throws(PostgresError) {
        guard isOpen, unsafe PQexitPipelineMode(connection) == 1 else { throw lost() }
        trips.increment()
        let result = unsafe PQexec(connection, script)
        defer { unsafe PQclear(result) }
        let isRefused = unsafe PQresultStatus(result) == PGRES_FATAL_ERROR
        let failure = isRefused ? unsafe error(of: result, statement: nil, index: nil) : nil
        guard isOpen, unsafe PQenterPipelineMode(connection) == 1 else { throw failure ?? lost() }
        if let failure { throw failure }
    }

    /// What was notified since the last call; waits until there is something, or until woken.
    func notifications(_ waker: Waker) throws(PostgresError) -> [Notifications.Event] {
        guard isOpen else { throw lost() }
        let received = takeNotifications()
        guard received.isEmpty else { return received }
        waker.wait(for: socket)
        guard unsafe PQconsumeInput(connection) == 1, isOpen else { throw lost() }
        return takeNotifications()
    }

    private func takeNotifications() -> [Notifications.Event] {
        var events: [Notifications.Event] = []
        while let notification = unsafe PQnotifies(connection) {
            defer { unsafe PQfreemem(notification) }
            let channel = unsafe String(cString: notification.pointee.relname)
            let payload = unsafe String(cString: notification.pointee.extra)
            events.append(.notified(channel: channel, payload: payload))
        }
        return events
    }

    private func send(_ statements: [Statement]) throws(PostgresError) -> [Expected] {
        var expected: [Expected] = []
        expected.reserveCapacity(statements.count + 1)
        for (index, statement) in statements.enumerated() {
            guard statement.isPrepared else {
                expected.append(.result(index, nil))
                guard send(statement.sql, index) else { throw lost() }
                continue
            }
            let (entry, isNew) = cache.entry(for: statement.sql, types: parameters.types(of: index))
            if isNew {
                expected.append(.preparation(index, entry))
                guard sendPreparation(statement.sql, index, entry) else { throw lost() }
            }
            expected.append(.result(index, entry))
            guard send(entry, index) else { throw lost() }
        }
        guard unsafe PQpipelineSync(connection) == 1 else { throw lost() }
        return expected
    }

    private func send(_ sql: String, _ index: Int) -> Bool {
        let answer = unsafe parameters.withParameters(of: index) {
            unsafe PQsendQueryParams(connection, sql, $0.count, $0.types, $0.values, $0.lengths, $0.formats, 1)
        }
        return answer == 1
    }

    private func sendPreparation(_ sql: String, _ index: Int, _ entry: StatementCache.Entry) -> Bool {
        let answer = unsafe parameters.withParameters(of: index) {
            unsafe PQsendPrepare(connection, entry.name, sql, $0.count, $0.types)
        }
        return answer == 1
    }

    private func send(_ entry: StatementCache.Entry, _ index: Int) -> Bool {
        let answer = unsafe parameters.withParameters(of: index) {
            unsafe PQsendQueryPrepared(connection, entry.name, $0.count, $0.values, $0.lengths, $0.formats, 1)
        }
        return answer == 1
    }

    private func receive(_ expected: [Expected], of statements: [Statement]) throws(PostgresError) -> [Rows] {
        var results: [Rows] = []
        results.reserveCapacity(statements.count)
        var failure: PostgresError?
        for expectation in expected {
            guard let result = unsafe PQgetResult(connection) else { throw failure ?? lost() }
            let status = unsafe PQresultStatus(result)
            switch (expectation, status) {
            case (.preparation, PGRES_COMMAND_OK):
                unsafe PQclear(result)
            case (.result(_, let entry), PGRES_COMMAND_OK), (.result(_, let entry), PGRES_TUPLES_OK),
                (.result(_, let entry), PGRES_EMPTY_QUERY):
                results.append(unsafe rows(of: result, entry: entry))
            case (.preparation(let index, let entry), _):
                cache.remove(entry, of: statements[index].sql)
                if failure == nil { failure = unsafe error(of: result, statement: statements[index], index: index) }
                unsafe PQclear(result)
            case (.result(let index, let entry), _):
                if failure == nil { failure = unsafe error(of: result, statement: statements[index], index: index) }
                if let entry, status != PGRES_PIPELINE_ABORTED, failure?.isStalePlan == true {
                    cache.remove(entry, of: statements[index].sql)
                }
                unsafe PQclear(result)
            }
            while let extra = unsafe PQgetResult(connection) { unsafe PQclear(extra) }
            guard isOpen else { throw failure.map(asLoss) ?? lost() }
        }
        guard let end = unsafe PQgetResult(connection) else { throw failure ?? lost() }
        defer { unsafe PQclear(end) }
        guard unsafe PQresultStatus(end) == PGRES_PIPELINE_SYNC else {
            let reason = unsafe error(of: end, statement: nil, index: nil)
            throw failure ?? reason
        }
        if let failure { throw failure }
        return results
    }

    private func rows(of result: OpaquePointer, entry: StatementCache.Entry?) -> Rows {
        let handle = unsafe ResultHandle(result)
        if let columns = entry?.columns, columns.count == handle.columnCount { return Rows(handle, columns: columns) }
        let columns = (0..<handle.columnCount).map { handle.columnName($0) }
        entry?.columns = columns
        return Rows(handle, columns: columns)
    }

    /// The connection as libpq last described its state.
    private func lost() -> PostgresError {
        let message = unsafe String(cString: PQerrorMessage(connection)).trimmed
        return .connection(message.isEmpty ? "the connection was lost" : message)
    }

    /// A refusal that came with the connection's end keeps its code, anything else is the loss itself.
    private func asLoss(_ failure: PostgresError) -> PostgresError { failure.isConnectionLoss ? failure : lost() }

    private func error(of result: OpaquePointer?, statement: Statement?, index: Int?) -> PostgresError {
        func field(_ code: Character) -> String? {
            let code = Int32(code.asciiValue ?? 0)
            return unsafe PQresultErrorField(result, code).map { unsafe String(cString: $0) }
        }
        guard let sqlState = field("C") else {
            let message = unsafe String(cString: PQresultErrorMessage(result)).trimmed
            return message.isEmpty ? lost() : .connection(message)
        }
        var error = PostgresError.ServerError(
            sqlState: sqlState,
            severity: field("V") ?? field("S") ?? "ERROR",
            message: field("M") ?? "no message"
        )
        error.detail = field("D")
        error.hint = field("H")
        error.schema = field("s")
        error.table = field("t")
        error.column = field("c")
        error.constraint = field("n")
        error.position = field("P").flatMap { Int($0) }
        error.statement = statement?.sql
        error.statementIndex = index
        return .server(error)
    }
}

extension PostgresError {
    /// The server's plan or name for a prepared statement is no longer good: what is prepared anew will do.
    fileprivate var isStalePlan: Bool { sqlState == "0A000" || sqlState == "26000" }
}

extension String {
    fileprivate var trimmed: String {
        var text = Substring(self)
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
