import Lifecycle
import Synchronization

/// Serves HTTP/1.1 with one handler, over libmicrohttpd, on one thread, of its own or of several servers.
///
/// The port is taken when the server is made, and served while ``run()`` runs; in between, connections wait. A request that
/// waits for its handler costs no thread, only its connection. Each handler runs in a task of its own, which is cancelled
/// when the client goes away; a ``PromptHandler`` is called on the server's thread instead. ``stop()`` drains: the port is
/// closed, requests that have begun are answered and their connections closed, for at most ``Limits/drain``; after that
/// their tasks are cancelled, and connections whose handler does not heed that are cut.
package final class HTTPServer: Runnable {
    /// What the server takes on.
    package struct Limits: Sendable {
        /// The largest body that reaches the handler.
        package var bodyBytes = 16 << 20
        /// How many bytes the bodies of all requests under way may have together.
        package var allBodyBytes = 256 << 20
        /// How much of a larger body is read and dropped, so that its sender gets the answer.
        package var discardedBytes = 64 << 20
        /// Room for a request's line and header fields together.
        package var headBytes = 32 << 10
        /// How many connections may be open at once.
        package var connections = 20_000
        /// How long a connection without a request stays open.
        package var idle: Duration = .seconds(90)
        /// How long requests may take to end once a stop was asked.
        package var drain: Duration = .seconds(10)

        package init() {}
    }

    /// Answers one request.
    package typealias Handler = @Sendable (HTTPRequest) async -> HTTPResponse

    /// Answers one request, at once or later, from wherever it likes; for what takes less time than to begin a task.
    ///
    /// Called on the server's thread, which it must not hold up; in a task of its own if the body is large.
    package typealias PromptHandler = @Sendable (HTTPRequest, HTTPReply) -> Void

    /// How requests are answered.
    package enum Handling: Sendable {
        case inTask(Handler)
        case promptly(PromptHandler)
    }

    /// The host as given.
    package let host: String
    /// The port that is listened on.
    package let boundPort: Int

    private let limits: Limits
    private let core: ServerCore
    private let stopAsked = Gate()
    private let cutShort = Gate()
    private let listener: Mutex<ListeningSocket?>
    private let hasRun = Atomic(false)

    /// A server that already listens, and serves once it is run.
    ///
    /// - Parameters:
    ///   - host: An address or a name of this machine, such as `127.0.0.1`, `::1` or `0.0.0.0`.
    ///   - port: The port; 0 takes a free one, see ``boundPort``.
    ///   - limits: What the server takes on.
    ///   - tooLarge: Answers a request whose body is larger than ``Limits/bodyBytes``; it is given without the body.
    ///   - full: Answers a request whose body has no room within ``Limits/allBodyBytes``; it is given without the body.
    ///   - handler: Answers every other request.
    /// - Throws: What keeps it from listening there.
    package convenience init(
        host: String,
        port: Int,
        limits: Limits = Limits(),
        tooLarge: @escaping Handler = { _ in HTTPResponse(status: 413, text: "The body is too large.\n") },
        full: @escaping Handler = { _ in HTTPResponse(status: 503, text: "Too many requests are under way.\n") },
        handler: @escaping Handler
    ) throws(HTTPServerError) {
        try self.init(
            host: host,
            port: port,
            limits: limits,
            tooLarge: tooLarge,
            full: full,
            handling: .inTask(handler),
            on: ServerThread()
        )
    }

    /// A server that shares its thread with others.
    ///
    /// - Parameters:
    ///   - host: An address or a name of this machine.
    ///   - port: The port; 0 takes a free one.
    ///   - limits: What the server takes on.
    ///   - tooLarge: Answers a request whose body is too large.
    ///   - full: Answers a request whose body has no room.
    ///   - handling: How every other request is answered.
    ///   - thread: Where it reads and writes.
    /// - Throws: What keeps it from listening there.
    package init(
        host: String,
        port: Int,
        limits: Limits = Limits(),
        tooLarge: @escaping Handler = { _ in HTTPResponse(status: 413, text: "The body is too large.\n") },
        full: @escaping Handler = { _ in HTTPResponse(status: 503, text: "Too many requests are under way.\n") },
        handling: Handling,
        on thread: ServerThread
    ) throws(HTTPServerError) {
        let listener = try ListeningSocket(host: host, port: port)
        self.host = host
        self.boundPort = listener.port
        self.limits = limits
        self.core = ServerCore(limits: limits, tooLarge: tooLarge, full: full, handling: handling, thread: thread)
        self.listener = Mutex(listener)
    }

    package func run() async throws {
        guard hasRun.exchange(true, ordering: .relaxed) == false else { throw HTTPServerError.alreadyRun }
        guard !stopAsked.isOpen else { return closeListener() }
        let loop = try start()
        // Ends when a stop is asked, and when the task is cancelled: then nothing is waited for.
        if (try? await stopAsked.wait()) == nil { cutShort.open() }
        await withTaskCancellationHandler {
            // A task of its own: waiting must work although the surrounding one was cancelled.
            await Task { await windDown(loop) }.value
        } onCancel: {
            cutShort.open()
        }
    }

    package func stop() { stopAsked.open() }

    private func start() throws(HTTPServerError) -> ServerLoop {
        let descriptor = listener.withLock { $0?.descriptor ?? -1 }
        do { return try ServerLoop(core: core, listening: descriptor) } catch {
            closeListener()
            throw error
        }
    }

    private func windDown(_ loop: ServerLoop) async {
        await loop.quiesce()
        closeListener()
        let drained = core.drain()
        await Self.wait(for: [drained, cutShort], atMost: limits.drain)
        core.cancelAll()
        await Self.wait(for: [drained], atMost: .seconds(1))
        core.abandonAll()
        await loop.end()
    }

    private func closeListener() { listener.withLock { $0 = nil } }

    /// Returns when the first of the gates opens, or the time is up.
    private static func wait(for gates: [Gate], atMost limit: Duration) async {
        await withTaskGroup { group in
            for gate in gates { group.addTask { try? await gate.wait() } }
            group.addTask { try? await Task.sleep(for: limit) }
            await group.next()
            group.cancelAll()
        }
    }
}
