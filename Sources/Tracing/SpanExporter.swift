import HTTPClient
import JSON
import Lifecycle
import Synchronization
package import Telemetry

/// Sends spans to a collector: in batches, never in anybody's way.
///
/// What comes while the queue is full is dropped and counted, and so is what a collector refuses, or does not take in a few
/// tries. ``stop()`` sends what there is, for some seconds at most.
package final class SpanExporter: Runnable {
    private struct State {
        var queue: [Span] = []
        var isStopping = false
    }

    /// How many spans wait at most, and how many go together.
    private static let most = 16_384
    private static let batch = 512
    /// How long spans gather.
    private static let interval = Duration.seconds(1)
    private static let tries = 5

    private let settings: TraceSettings
    /// How long the last of them may take when the process ends.
    private let lastGrace: Duration
    private let export: SpanExport
    private let client = HTTPClient()
    private let state = Mutex(State())
    private let (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    private let (stopSignals, stopSignal) = AsyncStream.makeStream(of: Void.self)
    private let exported: Counter
    private let dropped: Counter
    private let logger: Logger
    /// Whether it has said that the collector does not take anything.
    private let hasComplained = Mutex(false)

    package init(
        _ settings: TraceSettings,
        version: String,
        metrics: Metrics,
        lastGrace: Duration = .seconds(5),
        logger: Logger
    ) {
        self.settings = settings
        self.lastGrace = lastGrace
        self.logger = logger
        export = SpanExport(resource: settings.resource, version: version)
        exported = metrics.counter("braid_spans_exported_total", help: "Spans that the collector took")
        dropped = metrics.counter("braid_spans_dropped_total", help: "Spans that nobody took")
    }

    /// Sends spans some time.
    package func add(_ spans: [Span]) {
        guard !spans.isEmpty else { return }
        let (lost, count) = state.withLock { state in
            let room = max(0, Self.most - state.queue.count)
            state.queue += spans.prefix(room)
            return (max(0, spans.count - room), state.queue.count)
        }
        dropped.increment(by: lost)
        if count >= Self.batch { signal.yield() }
    }

    /// Counts what could not even be made a span.
    package func drop(_ count: Int) { dropped.increment(by: count) }

    package func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.work() }
            group.addTask {
                for await _ in self.stopSignals {}
                try? await Task.sleep(for: self.lastGrace)
            }
            _ = await group.next()
            group.cancelAll()
        }
        dropped.increment(by: state.withLock { $0.queue.count })
    }

    package func stop() {
        state.withLock { $0.isStopping = true }
        signal.finish()
        stopSignal.finish()
    }

    private func work() async {
        await withDiscardingTaskGroup { group in
            group.addTask { [signal] in
                while (try? await Task.sleep(for: Self.interval)) != nil { signal.yield() }
            }
            for await _ in signals { await sendAll() }
            group.cancelAll()
        }
        await sendAll()
    }

    private func sendAll() async {
        while !Task.isCancelled {
            let spans = state.withLock { state in
                let spans = Array(state.queue.prefix(Self.batch))
                state.queue.removeFirst(spans.count)
                return spans
            }
            guard !spans.isEmpty else { return }
            let isTaken = await send(spans)
            (isTaken ? exported : dropped).increment(by: spans.count)
        }
    }

    /// Sends a batch, again where the collector says that it is worth it.
    private func send(_ spans: [Span]) async -> Bool {
        let request = HTTPClientRequest(
            method: "POST",
            url: settings.url,
            headers: [("Content-Type", "application/json")] + settings.headers,
            body: Array(export.body(spans).text.utf8),
            timeout: settings.timeout,
            maxResponseBytes: 1 << 20
        )
        for attempt in 0..<Self.tries {
            do throws(HTTPClientError) {
                let response = try await client.request(request)
                if (200..<300).contains(response.status) {
                    hasComplained.withLock { $0 = false }
                    return true
                }
                complain("it answered \(response.status)")
                guard [429, 502, 503, 504].contains(response.status) else { return false }
            } catch {
                complain("\(error)")
            }
            // Meanwhile the queue fills, and what it has no room for is dropped.
            guard (try? await Task.sleep(for: .milliseconds(200 << attempt))) != nil else { return false }
        }
        return false
    }

    private func complain(_ reason: String) {
        let isFirst = hasComplained.withLock { said in
            defer { said = true }
            return !said
        }
        if isFirst { logger.warning("the collector takes no spans", [("url", settings.url), ("reason", reason)]) }
    }
}
