import Engine
package import HTTPServer
import JSON
import Postgres
import StatesLanguage
package import Store
package import Telemetry

/// Answers what a browser, a load balancer or Prometheus asks: the console's pages and what they are made of, `/healthz`,
/// `/readyz`, `/metrics`.
///
/// Nothing here changes anything: what a person has done goes by the AWS protocol, as any client's request does.
package struct Router: Sendable {
    private let store: Store
    private let shared: SharedAnswers
    private let log: Logger
    private let probes: Probes
    private let reader: Reader?
    private let assets = Assets()
    private let pictures: Pictures
    private let overview: Overview
    private let executions: ExecutionPages
    private let events: EventStream
    private let mapRuns: MapRunPages
    private let origin: SameOrigin

    /// - Parameters:
    ///   - store: What the pages show.
    ///   - about: What the process says about itself.
    ///   - feed: What tells pages what happens.
    ///   - reader: What answers people's SQL; `nil` where nothing may.
    ///   - probes: What answers load balancers and Prometheus.
    ///   - names: Under which names, in lower case, browsers may reach it besides loopback ones and addresses.
    ///   - log: Where failures are told.
    package init(
        store: Store,
        about: About,
        feed: LiveFeed,
        reader: Reader? = nil,
        probes: Probes,
        names: Set<String> = [],
        log: Logger = Logger(label: "console")
    ) {
        origin = SameOrigin(names: names)
        let arns = ARNs(region: about.region, account: about.account)
        self.store = store
        self.probes = probes
        self.reader = reader
        self.log = log
        pictures = Pictures()
        let shared = SharedAnswers(onlookers: feed.onlookers)
        self.shared = shared
        overview = Overview(store: store, about: about, shared: shared)
        executions = ExecutionPages(store: store, arns: arns, pictures: pictures)
        mapRuns = MapRunPages(store: store, arns: arns, shared: shared)
        events = EventStream(store: store, feed: feed, arns: arns)
    }

    /// Answers a request.
    package func respond(to request: HTTPRequest) async -> HTTPResponse {
        let segments = request.pathSegments
        do {
            switch (request.method, segments.first ?? "") {
            case ("POST", "console"): return .json(try await asked(request, Array(segments.dropFirst())))
            case ("GET", "console"): return try await data(request, Array(segments.dropFirst()))
            case ("GET", _), ("HEAD", _): return await page(request, segments)
            default:
                return HTTPResponse(status: 405, headers: ["Allow": "GET, HEAD"], text: "Pages are read with GET.\n")
            }
        } catch let refusal as Refusal {
            return .json(["message": .string(refusal.message)], status: refusal.status)
        } catch {
            log.error("a page cannot be made", [("path", request.path), ("error", "\(error)")])
            return .json(["message": "the database does not answer"], status: 503)
        }
    }

    /// What a person can go to: each is the same document, whose script shows what the address says.
    private static let places: Set = ["", "machines", "executions", "start", "map-runs", "workers", "sql"]

    private func page(_ request: HTTPRequest, _ segments: [String]) async -> HTTPResponse {
        let first = segments.first ?? ""
        if let answer = await probes.answer(to: request) { return answer }
        switch first {
        case "assets" where segments.count == 2:
            if let answer = assets.answer(segments[1], to: request) { return answer }
        case _ where Self.places.contains(first):
            if let answer = assets.answer("index.html", to: request) { return answer }
        default: break
        }
        return HTTPResponse(
            status: 404,
            headers: Headers.uncached("text/plain"),
            text: "There is no page of this name.\n"
        )
    }

    // MARK: What pages are made of

    private func data(_ request: HTTPRequest, _ path: [String]) async throws -> HTTPResponse {
        guard origin.admits(request) else { throw Refusal(status: 403, message: "the page is from elsewhere") }
        switch path.count {
        case 1 where path[0] == "overview": return .json(try await overview.json())
        case 1 where path[0] == "executions": return .json(try await executions.list(request))
        case 1 where path[0] == "live": return events.list()
        case 1 where path[0] == "leases": return .json(try await leases())
        case 2 where path[0] == "map-runs": return .json(try await mapRuns.details(path[1]))
        case 3 where path[0] == "map-runs" && path[2] == "children":
            return .json(try await mapRuns.children(path[1], request))
        case 4 where path[0] == "map-runs" && path[2] == "children":
            return .json(try await mapRuns.child(path[3], of: path[1]))
        case 4 where path[0] == "executions" && path[3] == "map-runs":
            return .json(try await mapRuns.list(of: try await executions.find(path[1], path[2]).id))
        case 3 where path[0] == "executions": return .json(try await executions.details(path[1], path[2]))
        case 4 where path[0] == "executions" && path[3] == "live":
            let known = request.headers["Last-Event-ID"] ?? request.query("after") ?? ""
            return events.execution(try await executions.find(path[1], path[2]), after: max(0, Int(known) ?? 0))
        case 5 where path[0] == "executions" && path[3] == "events":
            let record = try await executions.find(path[1], path[2])
            return .json(try await executions.event(Int(path[4]) ?? 0, of: record))
        default: throw Refusal.missing("page of this name")
        }
    }

    private func asked(_ request: HTTPRequest, _ path: [String]) async throws -> JSONValue {
        guard origin.admits(request) else { throw Refusal(status: 403, message: "the page is from elsewhere") }
        guard SameOrigin.hasJSON(request), let body = try? JSONValue(parsing: request.body) else {
            throw Refusal(status: 415, message: "the body must be JSON, and say so")
        }
        switch path {
        case ["check"]:
            let type = body["type"]?.string.flatMap(StateMachineType.init) ?? .standard
            return await DefinitionCheck.json(of: body["definition"]?.string ?? "", type: type, pictures: pictures)
        case ["sql"]: return try await answer(body["query"]?.string ?? "")
        default: throw Refusal.missing("page of this name")
        }
    }

    private func answer(_ query: String) async throws -> JSONValue {
        guard let reader else {
            throw Refusal(status: 501, message: "no role that may only read is known: give --reader-database URL")
        }
        do {
            let answer = try await reader.answer(query, limit: 500)
            return ["rows": .array(answer.rows), "hasMore": .bool(answer.hasMore)]
        } catch {
            throw Refusal(status: 400, message: "\(error)")
        }
    }

    private func leases() async throws -> JSONValue {
        try await shared.answer("leases", longest: .seconds(2)) { [store] () throws(StoreError) in
            .array(
                try await store.listLeases(limit: 200).map { lease in
                    [
                        "machine": .string(lease.machine), "execution": .string(lease.executionName),
                        "branch": .number(lease.branch), "state": .string(lease.state),
                        "function": .optional(Served.names([lease.lane]).first),
                        "worker": .number(Int(lease.worker.rawValue)), "entered": .time(lease.enteredAt),
                    ]
                }
            )
        }
    }
}
