import Lifecycle
import Synchronization

/// What the callbacks of one daemon share: the handlers, and the requests that have begun.
final class ServerCore: Sendable {
    let limits: HTTPServer.Limits
    let tooLarge: HTTPServer.Handler
    let full: HTTPServer.Handler
    let handling: HTTPServer.Handling
    let thread: ServerThread
    /// What the thread knows its loop by.
    let id: UInt64

    private enum Mode { case open, draining, closed }

    private struct State {
        var mode = Mode.open
        var lastID: UInt64 = 0
        var exchanges: [UInt64: Exchange] = [:]
    }

    private let state = Mutex(State())
    private let drained = Gate()
    private let resumable = Mutex<[Connection]>([])
    let disconnects = DisconnectWatch()

    private let bodyBytes = Atomic<Int>(0)

    init(
        limits: HTTPServer.Limits,
        tooLarge: @escaping HTTPServer.Handler,
        full: @escaping HTTPServer.Handler,
        handling: HTTPServer.Handling,
        thread: ServerThread
    ) {
        self.limits = limits
        self.tooLarge = tooLarge
        self.full = full
        self.handling = handling
        self.thread = thread
        id = thread.newID()
    }

    /// Whether connections are to be closed after their present request.
    var isEnding: Bool { state.withLock { $0.mode != .open } }

    /// Takes room for bytes of a body; false if there is none.
    func takeRoom(_ count: Int) -> Bool {
        let taken = bodyBytes.wrappingAdd(count, ordering: .relaxed).newValue
        if taken > limits.allBodyBytes { giveRoom(count) }
        return taken <= limits.allBodyBytes
    }

    func giveRoom(_ count: Int) { bodyBytes.wrappingSubtract(count, ordering: .relaxed) }

    /// Takes a complete request on and returns its number; `nil` when it is too late for that.
    func begin(_ exchange: Exchange) -> UInt64? {
        state.withLock { state in
            guard state.mode != .closed else { return nil }
            state.lastID += 1
            state.exchanges[state.lastID] = exchange
            return state.lastID
        }
    }

    /// Says that a request's response was sent, or its connection lost, and its task is over.
    func end(_ id: UInt64) {
        let isDrained = state.withLock { state in
            state.exchanges[id] = nil
            guard state.mode == .draining, state.exchanges.isEmpty else { return false }
            state.mode = .closed
            return true
        }
        if isDrained { drained.open() }
    }

    /// Asks for the end of each connection after its request; the gate opens when none is left.
    func drain() -> Gate {
        let isDrained = state.withLock { state in
            state.mode = state.exchanges.isEmpty ? .closed : .draining
            return state.mode == .closed
        }
        if isDrained { drained.open() }
        return drained
    }

    /// Cancels the tasks of all requests.
    func cancelAll() {
        for exchange in state.withLock({ Array($0.exchanges.values) }) { exchange.cancel() }
    }

    /// Cuts the connections of all requests that still wait for their handler; after this none is suspended, and none will be.
    func abandonAll() {
        let exchanges = state.withLock { state in
            state.mode = .closed
            return Array(state.exchanges.values)
        }
        for exchange in exchanges { exchange.abandon() }
    }

    /// Has the loop go on with a suspended connection.
    ///
    /// The daemon is told by its loop's thread only; a daemon without a thread of its own does not wake up otherwise.
    func resume(_ connection: Connection) {
        let isFirst = resumable.withLock { connections in
            connections.append(connection)
            return connections.count == 1
        }
        if isFirst { wake() }
    }

    /// Has the loop look at what it is to do.
    func wake() { thread.wake(id) }

    /// The connections to go on with, each once.
    func takeResumable() -> [Connection] {
        resumable.withLock { connections in
            defer { connections = [] }
            return connections
        }
    }

    /// Has the exchange cancelled when the other end of the socket closes.
    func watch(_ socket: Int32, for id: UInt64) { disconnects.add(socket, id) }

    /// Stops watching; called by the loop, before the socket can be another connection's.
    func unwatch(_ socket: Int32) { disconnects.remove(socket) }

    /// Cancels the task of one request, if it still runs.
    func cancel(_ id: UInt64) { state.withLock { $0.exchanges[id] }?.cancel() }
}
