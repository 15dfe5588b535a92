import CMicroHTTPD
import Synchronization

/// One request and its response, from the request's first line until the response was sent or the connection lost.
///
/// The loop's thread and the handler's task meet here. A connection is suspended, and then touched by nobody but
/// ``resume()``, while `State.isSuspended`: set on the loop's thread, cleared once by whoever has something to send.
final class Exchange: Sendable {
    private enum Phase {
        case receivingHead
        case receivingBody
        case handling
        case answered(PreparedResponse)
        case sending
        case over
    }

    private struct State {
        var phase = Phase.receivingHead
        var id: UInt64 = 0
        var method = ""
        var headers = HTTPHeaders()
        var body: [UInt8] = []
        var bodyCount = 0
        /// How many bytes of the room for bodies it has taken: until it is over, for its handler has the body.
        var roomTaken = 0
        /// Whether there was no room for its body.
        var hadNoRoom = false
        var task: Task<Void, Never>?
        var isSuspended = false
        var isCancelled = false
        var isTaskOver = false
        var isCompleted = false
        var stream = StreamBuffer()
    }

    private let core: ServerCore
    private let connection: Connection
    private let target: String
    private let state = Mutex(State())

    init(core: ServerCore, connection: Connection, target: String) {
        self.core = core
        self.connection = connection
        self.target = target
    }

    // MARK: On the loop's thread

    /// Goes on with the request; called when its head is there, for each piece of its body, at its end, and when resumed.
    ///
    /// - Returns: Whether the connection may live.
    func proceed(method: UnsafePointer<CChar>, piece: UnsafeRawBufferPointer) -> Bool {
        enum Next { case wait, cut, handle, send(PreparedResponse) }
        let next: Next = state.withLock { state in
            switch state.phase {
            case .receivingHead:
                state.method = unsafe String(cString: method)
                state.headers = connection.headers()
                state.phase = .receivingBody
                return .wait
            case .receivingBody where unsafe !piece.isEmpty:
                state.bodyCount += piece.count
                guard state.bodyCount <= core.limits.bodyBytes + core.limits.discardedBytes else { return .cut }
                if state.bodyCount <= core.limits.bodyBytes, !state.hadNoRoom, core.takeRoom(piece.count) {
                    state.roomTaken += piece.count
                    unsafe state.body.append(contentsOf: piece)
                } else {
                    state.hadNoRoom = state.hadNoRoom || state.bodyCount <= core.limits.bodyBytes
                    state.body = []
                    giveRoom(&state)
                }
                return .wait
            case .receivingBody:
                state.phase = .handling
                return .handle
            case .answered(let response):
                state.phase = .sending
                return .send(response)
            case .handling, .sending:
                return .wait
            case .over:
                return .cut
            }
        }
        switch next {
        case .wait: return true
        case .cut: return false
        case .handle: return handle()
        case .send(let response): return response.send(on: connection, of: self)
        }
    }

    /// Suspends the connection and starts the handler's task.
    private func handle() -> Bool {
        guard let id = core.begin(self) else { return false }
        let (request, handler) = state.withLock { state in
            state.id = id
            let request = HTTPRequest(
                method: state.method,
                target: target,
                headers: state.headers,
                body: state.body,
                remoteAddress: connection.clientAddress()
            )
            state.body = []
            state.headers = HTTPHeaders()
            suspend(&state)
            if state.bodyCount > core.limits.bodyBytes { return (request, core.tooLarge) }
            return (request, state.hadNoRoom ? core.full : core.handler)
        }
        let task = Task { await perform(request, handler) }
        let isCancelled = state.withLock { state in
            state.task = task
            return state.isCancelled
        }
        if isCancelled { task.cancel() }
        return true
    }

    /// Gives the daemon bytes of a streamed body; suspends the connection when there are none yet.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let (count, writer) = state.withLock { state -> (Int, CheckedContinuation<Void, Never>?) in
            let count = unsafe state.stream.take(into: buffer)
            if count > 0 { return (count, state.stream.takeWaiting()) }
            if state.isCancelled { return (braid_mhd_end_with_error, nil) }
            if state.stream.isFinished { return (braid_mhd_end_of_stream, nil) }
            suspend(&state)
            return (0, nil)
        }
        writer?.resume()
        return count
    }

    /// Says that the response was sent, or that the connection is lost.
    func complete() {
        core.unwatch(connection.socket)
        let (task, unsent) = state.withLock { state -> (Task<Void, Never>?, PreparedResponse?) in
            var unsent: PreparedResponse?
            if case .answered(let response) = state.phase { unsent = response }
            state.phase = .over
            state.isCompleted = true
            return (state.isTaskOver ? nil : state.task, unsent)
        }
        unsent?.discard()
        if task != nil { cancel() }
        endIfOver()
    }

    private func suspend(_ state: inout State) {
        state.isSuspended = true
        connection.suspend()
        core.watch(connection.socket, for: state.id)
    }

    // MARK: In the handler's task

    private func perform(_ request: HTTPRequest, _ handler: HTTPServer.Handler) async {
        let response = await handler(request)
        answer(response)
        if case .stream(let produce) = response.body {
            await produce(HTTPBodyWriter(exchange: self))
            state.withLock { $0.stream.isFinished = true }
            resume()
        }
        state.withLock { $0.isTaskOver = true }
        endIfOver()
    }

    private func answer(_ response: HTTPResponse) {
        let prepared = PreparedResponse(response, closes: core.isEnding)
        let isDropped = state.withLock { state in
            guard case .handling = state.phase else { return true }
            state.phase = .answered(prepared)
            return false
        }
        if isDropped { prepared.discard() } else { resume() }
    }

    /// Adds bytes to a streamed body.
    func write(_ bytes: [UInt8]) async throws(HTTPClientGone) {
        await withCheckedContinuation { continuation in
            let isWaiting = state.withLock { state in
                guard !state.isCancelled, state.stream.isFull else { return false }
                state.stream.waiting = continuation
                return true
            }
            if !isWaiting { continuation.resume() }
        }
        let isGone = state.withLock { state in
            if !state.isCancelled { state.stream.append(bytes) }
            return state.isCancelled
        }
        guard !isGone else { throw HTTPClientGone() }
        resume()
    }

    // MARK: From anywhere

    /// Cancels the handler's task: its client has gone away, or the server ends.
    func cancel() {
        let (task, writer) = state.withLock { state in
            state.isCancelled = true
            return (state.task, state.stream.takeWaiting())
        }
        task?.cancel()
        writer?.resume()
    }

    /// Cuts the connection although its handler has not answered.
    func abandon() {
        let unsent = state.withLock { state -> PreparedResponse? in
            guard state.isSuspended else { return nil }
            defer { if case .sending = state.phase {} else { state.phase = .over } }
            guard case .answered(let response) = state.phase else { return nil }
            return response
        }
        unsent?.discard()
        cancel()
        resume()
    }

    /// Has the daemon look at the connection again, if it is suspended.
    private func resume() {
        let wasSuspended = state.withLock { state in
            defer { state.isSuspended = false }
            return state.isSuspended
        }
        if wasSuspended { core.resume(connection) }
    }

    private func giveRoom(_ state: inout State) {
        core.giveRoom(state.roomTaken)
        state.roomTaken = 0
    }

    private func endIfOver() {
        let id = state.withLock { state -> UInt64 in
            guard state.isCompleted, state.isTaskOver || state.task == nil else { return 0 }
            giveRoom(&state)
            return state.isTaskOver ? state.id : 0
        }
        if id != 0 { core.end(id) }
    }
}
