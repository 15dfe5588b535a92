package import HTTPServer
package import Store
package import Telemetry

/// Answers what a browser or a load balancer asks: the status page at `/`, `/healthz`, `/readyz`.
package struct Router: Sendable {
    private let store: Store
    private let about: About
    private let log: Logger
    private let readiness: @Sendable () async -> String?

    /// - Parameters:
    ///   - store: What the pages show.
    ///   - about: What the process says about itself.
    ///   - readiness: Why the process cannot work yet; `nil` once it can. The database is asked beside it.
    ///   - log: Where failures are told.
    package init(
        store: Store,
        about: About,
        readiness: @escaping @Sendable () async -> String? = { nil },
        log: Logger = Logger(label: "console")
    ) {
        self.store = store
        self.about = about
        self.readiness = readiness
        self.log = log
    }

    /// Answers a request.
    package func respond(to request: HTTPRequest) async -> HTTPResponse {
        guard request.method == "GET" || request.method == "HEAD" else {
            return HTTPResponse(status: 405, headers: ["Allow": "GET, HEAD"], text: "Pages are read with GET.\n")
        }
        switch request.path {
        case "/": return await status(of: request)
        case "/healthz": return HTTPResponse(status: 200, headers: Self.uncached, text: "alive\n")
        case "/readyz": return await ready()
        default: return page(404, message("Nothing is here", "There is no page of this name."))
        }
    }

    private static let uncached: HTTPHeaders = ["Cache-Control": "no-store"]

    private func ready() async -> HTTPResponse {
        if let reason = await readiness() {
            return HTTPResponse(status: 503, headers: Self.uncached, text: "not ready: \(reason)\n")
        }
        do {
            _ = try await store.describeDatabase()
        } catch {
            log.warning("not ready", [("error", error)])
            return HTTPResponse(status: 503, headers: Self.uncached, text: "not ready: the database does not answer\n")
        }
        return HTTPResponse(status: 200, headers: Self.uncached, text: "ready\n")
    }

    private func status(of request: HTTPRequest) async -> HTTPResponse {
        do {
            let content = StatusPage.Content(
                database: try await store.describeDatabase(),
                workers: try await store.listLiveWorkers(),
                machines: try await store.countExecutions(ofNewest: 50, upTo: StatusPage.countBound),
                executions: try await store.listNewestExecutions(limit: 20)
            )
            let endpoint = "http://\(request.headers["Host"] ?? "127.0.0.1:8083")"
            return page(200, StatusPage(about: about, content: content, endpoint: endpoint).html)
        } catch {
            log.error("the status page cannot be made", [("error", error)])
            return page(503, message("The database does not answer", "This page comes back when it does."))
        }
    }

    private func message(_ title: String, _ text: String) -> HTML {
        Layout.page(
            title: "Braid",
            "<header><h1>\(title)</h1></header><main><p>\(text) <a href=\"/\">Status</a></p></main>"
        )
    }

    private func page(_ status: Int, _ html: HTML) -> HTTPResponse {
        var headers = HTTPHeaders()
        for (name, value) in Layout.headers { headers[name] = value }
        return HTTPResponse(status: status, headers: headers, body: Array(html.source.utf8))
    }
}
