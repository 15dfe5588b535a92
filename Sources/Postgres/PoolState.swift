/// What a pool knows, as a value: events come in, what is to be done comes out.
///
/// The pool has a bounded number of places. A place holds an idle connection or none yet; who is granted a place without
/// one makes the connection, and brings the place back if that fails. So nothing connects that nobody asked for, and at most
/// `limit` connections exist. Requests are served in their order; the connection used last is lent first.
struct PoolState<ConnectionID: Hashable & Sendable>: Sendable {
    /// Who asks for a connection.
    typealias RequestID = Int

    /// What the pool is to do.
    enum Action: Equatable, Sendable {
        /// Gives a request an idle connection.
        case lend(ConnectionID, to: RequestID)
        /// Has a request make a connection, after waiting as long as this many failures in a row ask for.
        case connect(RequestID, failures: Int)
        /// Tells a request that the pool is stopped.
        case refuse(RequestID)
        /// Ends connections that may be dead.
        case close([ConnectionID])
        /// Everything has come back and is closed.
        case drained
    }

    private let limit: Int
    private(set) var idle: [ConnectionID] = []
    private(set) var waiting: [RequestID] = []
    /// Places that are lent, or being connected.
    private(set) var taken = 0
    private(set) var failures = 0
    private(set) var isStopping = false

    init(limit: Int) { self.limit = max(1, limit) }

    /// Somebody wants a connection.
    mutating func request(_ id: RequestID) -> [Action] {
        guard !isStopping else { return [.refuse(id)] }
        waiting.append(id)
        return serve()
    }

    /// Somebody has waited long enough; one that has been granted a place already must bring it back.
    ///
    /// - Returns: Whether the request was still waiting.
    mutating func withdraw(_ id: RequestID) -> Bool {
        guard let index = waiting.firstIndex(of: id) else { return false }
        waiting.remove(at: index)
        return true
    }

    /// A connection came about: it stays with who made it.
    mutating func connected() { failures = 0 }

    /// No connection came about: the place is free again.
    mutating func connectFailed() -> [Action] {
        failures += 1
        taken -= 1
        return serve()
    }

    /// A place that was granted is not wanted any more, and no attempt was made.
    mutating func declined() -> [Action] {
        taken -= 1
        return serve()
    }

    /// A connection comes back in good order.
    mutating func returned(_ connection: ConnectionID) -> [Action] {
        taken -= 1
        guard !isStopping else { return [.close([connection])] + serve() }
        idle.append(connection)
        return serve()
    }

    /// A connection was found dead: the idle ones were made before that and may be dead too.
    mutating func lost(_ connection: ConnectionID) -> [Action] {
        taken -= 1
        let suspects = [connection] + idle
        idle = []
        return [.close(suspects)] + serve()
    }

    /// Nothing more is lent; who waits is refused.
    mutating func stop() -> [Action] {
        guard !isStopping else { return [] }
        isStopping = true
        let refused = waiting.map { Action.refuse($0) }
        let closed = idle
        waiting = []
        idle = []
        return refused + (closed.isEmpty ? [] : [.close(closed)]) + serve()
    }

    private mutating func serve() -> [Action] {
        if isStopping { return taken == 0 ? [.drained] : [] }
        var actions: [Action] = []
        while taken < limit, !waiting.isEmpty {
            let request = waiting.removeFirst()
            taken += 1
            if let connection = idle.popLast() {
                actions.append(.lend(connection, to: request))
            } else {
                actions.append(.connect(request, failures: failures))
            }
        }
        return actions
    }
}
