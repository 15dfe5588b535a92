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
        /// What a prompt handler wants done when nobody waits for its answer any more.
        var onCancel: (@Sendable () -> Void)?
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

    /// Has the request handled: promptly, or in a task while the connection is suspended.
    private func handle() -> Bool {
        guard let id = core.begin(self) else { return false }
        let (request, handling) = state.withLock { state -> (HTTPRequest, HTTPServer.Handling) in
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
            if state.bodyCount > core.limits.bodyBytes { return (request, .inTask(core.tooLarge)) }
            return (request, state.hadNoRoom ? .inTask(core.full) : core.handling)
        }
        switch handling {
        case .inTask(let handler):
            guard state.withLock({ suspend(&$0) }) else { return false }
            begin { await self.perform(request, handler) }
            return true
        case .promptly(let handler) where request.body.count > Self.longForPrompt:
            guard state.withLock({ suspend(&$0) }) else { return false }
            begin { handler(request, HTTPReply(exchange: self)) }
            return true
        case .promptly(let handler):
            handler(request, HTTPReply(exchange: self))
            return sendOrSuspend()
        }
    }

    /// A body above this many bytes takes time to be looked at.
    private static let longForPrompt = 64 << 10

    private func begin(_ work: @escaping @Sendable () async -> Void) {
        let task = Task {
            await work()
            state.withLock { $0.isTaskOver = true }
            endIfOver()
        }
        let isCancelled = state.withLock { state in
            state.task = task
            return state.isCancelled
        }
        if isCancelled { task.cancel() }
    }

    /// Sends what a prompt handler has answered at once, or else suspends the connection.
    private func sendOrSuspend() -> Bool {
        let (lives, answer) = state.withLock { state -> (Bool, PreparedResponse?) in
            guard case .answered(let response) = state.phase else { return (suspend(&state), nil) }
            state.phase = .sending
            return (true, response)
        }
        return answer?.send(on: connection, of: self) ?? lives
    }

    /// Gives the daemon bytes of a streamed body; suspends the connection when there are none yet.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let (count, writer) = state.withLock { state -> (Int, CheckedContinuation<Void, Never>?) in
            let count = unsafe state.stream.take(into: buffer)
            if count > 0 { return (count, state.stream.takeWaiting()) }
            if state.isCancelled { return (braid_mhd_end_with_error, nil) }
            if state.stream.isFinished { return (braid_mhd_end_of_stream, nil) }
            return (suspend(&state) ? 0 : braid_mhd_end_with_error, nil)
        }
        writer?.resume()
        return count
    }

    /// Says that the response was sent, or that the connection is lost.
    func complete() {
        core.unwatch(connection.socket)
        let (isWorkedOn, unsent) = state.withLock { state -> (Bool, PreparedResponse?) in
            var unsent: PreparedResponse?
            if case .answered(let response) = state.phase { unsent = response }
            state.phase = .over
            state.isCompleted = true
            return (state.task != nil && !state.isTaskOver || state.onCancel != nil, unsent)
        }
        unsent?.discard()
        if isWorkedOn { cancel() }
        endIfOver()
    }

    /// Suspends the connection, unless nobody waits for the answer any more: who cuts it may have been here before.
    private func suspend(_ state: inout State) -> Bool {
        guard !state.isCancelled else { return false }
        state.isSuspended = true
        connection.suspend()
        core.watch(connection.socket, for: state.id)
        return true
    }

    // MARK: From the handler

    private func perform(_ request: HTTPRequest, _ handler: HTTPServer.Handler) async {
        let response = await handler(request)
        answer(response)
        if case .stream(let produce) = response.body {
            await produce(HTTPBodyWriter(exchange: self))
            state.withLock { $0.stream.isFinished = true }
            resume()
        }
    }

    /// Answers for a prompt handler.
    func reply(_ response: HTTPResponse) {
        if case .stream = response.body { preconditionFailure("a stream needs a handler's task") }
        answer(response)
    }

    /// Has the body called when nobody waits for a prompt handler's answer any more.
    func onCancel(_ body: @escaping @Sendable () -> Void) {
        let isTooLate = state.withLock { state in
            switch state.phase {
            case .handling where !state.isCancelled:
                state.onCancel = body
                return false
            case .handling, .over: return true
            case .receivingHead, .receivingBody, .answered, .sending: return false
            }
        }
        if isTooLate { body() }
    }

    private func answer(_ response: HTTPResponse) {
        let prepared = PreparedResponse(response, closes: core.isEnding)
        let isDropped = state.withLock { state in
            guard case .handling = state.phase else { return true }
            state.phase = .answered(prepared)
            state.onCancel = nil
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

    /// Cancels the handler: its client has gone away, or the server ends.
    func cancel() {
        let (task, onCancel, writer) = state.withLock { state in
            defer { state.onCancel = nil }
            state.isCancelled = true
            return (state.task, state.onCancel, state.stream.takeWaiting())
        }
        task?.cancel()
        onCancel?()
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
            return state.id
        }
        if id != 0 { core.end(id) }
    }
}
