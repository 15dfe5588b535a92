package import HTTPServer
package import Store
import Telemetry

/// Answers what load balancers, Kubernetes and Prometheus ask of any process: `/healthz`, `/readyz`, `/metrics`.
package struct Probes: Sendable {
    private let store: Store
    private let readiness: @Sendable () async -> String?
    private let metrics: @Sendable () async -> String
    private let log = Logger(label: "probes")

    /// - Parameters:
    ///   - store: What must answer for a process to be ready.
    ///   - readiness: Why the process cannot work yet; `nil` once it can. The database is asked beside it.
    ///   - metrics: The text for Prometheus.
    package init(
        store: Store,
        readiness: @escaping @Sendable () async -> String?,
        metrics: @escaping @Sendable () async -> String
    ) {
        self.store = store
        self.readiness = readiness
        self.metrics = metrics
    }

    /// Answers a request; `nil` where it asks for something else.
    func answer(to request: HTTPRequest) async -> HTTPResponse? {
        switch request.path {
        case "/healthz": Self.text(200, "alive\n")
        case "/readyz": await ready()
        case "/metrics": Self.text(200, await metrics(), type: "text/plain; version=0.0.4; charset=utf-8")
        default: nil
        }
    }

    /// Answers a request in a process that serves nothing else.
    package func respond(to request: HTTPRequest) async -> HTTPResponse {
        await answer(to: request) ?? Self.text(404, "Here are /healthz, /readyz and /metrics.\n")
    }

    private static func text(_ status: Int, _ text: String, type: String = "text/plain; charset=utf-8") -> HTTPResponse
    {
        HTTPResponse(status: status, headers: Headers.uncached(type), text: text)
    }

    private func ready() async -> HTTPResponse {
        if let reason = await readiness() { return Self.text(503, "not ready: \(reason)\n") }
        do {
            _ = try await store.describeDatabase()
        } catch {
            log.warning("not ready", [("error", error)])
            return Self.text(503, "not ready: the database does not answer\n")
        }
        return Self.text(200, "ready\n")
    }
}
