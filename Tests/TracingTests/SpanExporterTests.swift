import HTTPServer
import JSON
import Lifecycle
import Synchronization
import Telemetry
import Testing
import Tracing

@Suite("The exporter of spans", .timeLimit(.minutes(2)))
struct SpanExporterTests {
    private static func span(_ id: UInt64) -> Span {
        Span(trace: TraceID(high: 1, low: 1), id: SpanID(id), parent: nil, name: "s", start: 1, end: 2)
    }

    /// Runs an exporter to a collector that answers so, and returns the requests' bodies and what was counted.
    private static func sent(
        _ spans: [Span],
        answering statuses: [Int]
    ) async throws -> (names: [Int], headers: [String?], metrics: String) {
        let received = Mutex<[HTTPRequest]>([])
        let server = try HTTPServer(host: "127.0.0.1", port: 0) { request in
            let count = received.withLock { requests in
                requests.append(request)
                return requests.count
            }
            return HTTPResponse(status: statuses[min(count, statuses.count) - 1], text: "{}")
        }
        let metrics = Metrics()
        let environment = ["OTEL_EXPORTER_OTLP_HEADERS": "x-key=k"]
        let settings = try #require(
            try TraceSettings(endpoint: "http://127.0.0.1:\(server.boundPort)", environment: environment)
        )
        let exporter = SpanExporter(
            settings,
            version: "1",
            metrics: metrics,
            lastGrace: .seconds(60),
            logger: Logger(label: "test")
        )
        exporter.add(spans)
        exporter.stop()
        try await withThrowingTaskGroup { group in
            group.addTask { try await server.run() }
            try await exporter.run()
            server.stop()
            try await group.waitForAll()
        }
        let requests = received.withLock { $0 }
        let counts = requests.map { request in
            let body = try? JSONValue(parsing: request.body)
            return body?["resourceSpans"]?[0]?["scopeSpans"]?[0]?["spans"]?.array?.count ?? -1
        }
        return (counts, requests.map { $0.headers["x-key"] }, metrics.render())
    }

    @Test("sends in batches what there is when it is stopped")
    func flushed() async throws {
        let (counts, headers, metrics) = try await Self.sent((1...600).map(Self.span), answering: [200])
        #expect(counts == [512, 88])
        #expect(headers == ["k", "k"])
        #expect(metrics.contains("braid_spans_exported_total 600"))
        #expect(metrics.contains("braid_spans_dropped_total 0"))
    }

    @Test("tries again where the collector is only busy")
    func busy() async throws {
        let (counts, _, metrics) = try await Self.sent([Self.span(1)], answering: [503, 200])
        #expect(counts == [1, 1])
        #expect(metrics.contains("braid_spans_exported_total 1"))
    }

    @Test("counts what the collector refuses as dropped")
    func refused() async throws {
        let (counts, _, metrics) = try await Self.sent([Self.span(1)], answering: [400])
        #expect(counts == [1])
        #expect(metrics.contains("braid_spans_dropped_total 1"))
    }

    @Test("drops what its queue has no room for, and delays nobody")
    func full() throws {
        let metrics = Metrics()
        let settings = try #require(try TraceSettings(endpoint: "http://127.0.0.1:9", environment: [:]))
        let exporter = SpanExporter(settings, version: "1", metrics: metrics, logger: Logger(label: "test"))
        exporter.add((1...20_000).map(Self.span))
        #expect(metrics.render().contains("braid_spans_dropped_total 3616"))
    }
}
