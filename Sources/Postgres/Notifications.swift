import Lifecycle
import Synchronization
package import Telemetry

/// Listens to channels on a connection of its own.
///
/// Each time it has connected, the first included, subscribers get ``Event/reconnected``: what was notified before is lost, so
/// they look for themselves. A subscriber who falls far behind loses the oldest events; nothing may depend on one.
package final class Notifications: Runnable {
    /// What subscribers get.
    package enum Event: Sendable, Hashable {
        /// The connection is new: nothing is known of what was notified before.
        case reconnected
        /// Somebody notified a channel.
        case notified(channel: String, payload: String)
    }

    private struct Subscribers {
        var nextID = 0
        var continuations: [Int: AsyncStream<Event>.Continuation] = [:]
        var isOver = false
    }

    private let settings: ConnectionSettings
    private let channels: [String]
    private let backoff: Backoff
    private let log: Logger
    private let listening = Gate()
    private let stopped = Gate()
    private let waker = Waker()
    private let subscribers = Mutex(Subscribers())

    /// - Parameters:
    ///   - settings: Where to connect to.
    ///   - channels: What to listen to.
    ///   - backoff: How long to wait between attempts to connect.
    ///   - log: Where lost and failed connections are told.
    package init(
        _ settings: ConnectionSettings,
        channels: [String],
        backoff: Backoff = Backoff(),
        log: Logger = Logger(label: "postgres.notifications")
    ) {
        self.settings = settings
        self.channels = channels
        self.backoff = backoff
        self.log = log
    }

    /// Everything from now on, until stopped.
    package func subscribe() -> AsyncStream<Event> {
        AsyncStream(bufferingPolicy: .bufferingNewest(4096)) { continuation in
            let id = subscribers.withLock { state -> Int? in
                guard !state.isOver else { return nil }
                state.nextID += 1
                state.continuations[state.nextID] = continuation
                return state.nextID
            }
            guard let id else { return continuation.finish() }
            continuation.onTermination = { [weak self] _ in
                _ = self?.subscribers.withLock { $0.continuations.removeValue(forKey: id) }
            }
        }
    }

    /// Returns once it listens for the first time.
    package func ready() async throws { try await listening.wait() }

    package func run() async throws {
        defer { finish() }
        var failures = 0
        while !stopped.isOpen && !Task.isCancelled {
            do {
                let connection = try await Connection.connect(to: settings)
                try await connection.listen(to: channels)
                failures = 0
                yield([.reconnected])
                listening.open()
                try await deliver(from: connection)
            } catch {
                guard !stopped.isOpen && !Task.isCancelled else { return }
                failures += 1
                log.warning("not listening", [("failures", failures), ("error", error)])
                await pause(backoff.jittered(afterFailures: failures))
            }
        }
    }

    package func stop() {
        stopped.open()
        waker.wake()
    }

    /// Hands on what comes until stopped or cancelled.
    private func deliver(from connection: Connection) async throws(PostgresError) {
        while !stopped.isOpen && !Task.isCancelled {
            let events: Result<[Event], PostgresError> = await withTaskCancellationHandler {
                do throws(PostgresError) { return .success(try await connection.notifications(waker)) } catch {
                    return .failure(error)
                }
            } onCancel: {
                waker.wake()
            }
            yield(try events.get())
        }
    }

    /// Waits, or until stopped.
    private func pause(_ duration: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            let stopped = stopped
            group.addTask { try? await stopped.wait() }
            group.addTask { try? await Task.sleep(for: duration) }
            await group.next()
            group.cancelAll()
        }
    }

    private func yield(_ events: [Event]) {
        guard !events.isEmpty else { return }
        let all = subscribers.withLock { Array($0.continuations.values) }
        for continuation in all { for event in events { continuation.yield(event) } }
    }

    private func finish() {
        let all = subscribers.withLock { state in
            state.isOver = true
            return Array(state.continuations.values)
        }
        for continuation in all { continuation.finish() }
    }
}
