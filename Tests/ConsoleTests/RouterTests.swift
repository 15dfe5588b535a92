import Engine
import HTTPServer
import JSON
import Postgres
import Store
import Telemetry
import TestSupport
import Testing

@testable import Console

/// A console on the test's own database.
struct Pages {
    let router: Router

    init(
        _ store: Store,
        reader: Reader? = nil,
        names: Set<String> = [],
        readiness: @escaping @Sendable () async -> String? = { nil }
    ) {
        let about = About(
            version: "1.2.3",
            region: "us-east-1",
            account: "123456789012",
            databaseHint: "postgresql:///x"
        )
        router = Router(
            store: store,
            about: about,
            feed: LiveFeed(store: store, onlookers: Onlookers(store: store, logger: Logger(label: "test"))),
            reader: reader,
            probes: Probes(store: store, readiness: readiness) { "braid_up 1\n" },
            names: names
        )
    }

    struct Answer {
        let status: Int
        let text: String
        let headers: HTTPHeaders
        var json: JSONValue? { try? JSONValue(parsing: text) }
    }

    func get(_ target: String, headers: HTTPHeaders = [:]) async -> Answer {
        await send("GET", target, headers: headers)
    }

    func send(_ method: String, _ target: String, headers: HTTPHeaders = [:], body: String = "") async -> Answer {
        var headers = headers
        if headers["Host"] == nil { headers["Host"] = "127.0.0.1:8083" }
        let request = HTTPRequest(method: method, target: target, headers: headers, body: Array(body.utf8))
        let response = await router.respond(to: request)
        guard case .bytes(let body) = response.body else { return Answer(status: 0, text: "", headers: [:]) }
        return Answer(status: response.status, text: String(decoding: body, as: UTF8.self), headers: response.headers)
    }
}

@Suite("The console", .database)
struct RouterTests {
    let store = Store(pool: TestDatabase.current.pool())

    @Test("is one document wherever a person goes, that loads and runs nothing but the service's own files")
    func document() async {
        let pages = Pages(store)
        for path in ["/", "/machines/orders", "/executions/orders/one", "/sql", "/workers", "/start/orders"] {
            let page = await pages.get(path)
            #expect(page.status == 200 && page.text.hasPrefix("<!doctype html>"), "\(path)")
            #expect(page.headers["Content-Security-Policy"]?.hasPrefix("default-src 'none'; script-src 'self'") == true)
        }
        #expect(await pages.get("/else").status == 404)
        let script = await pages.get("/assets/main.js")
        #expect(script.status == 200 && script.headers["Content-Type"] == "text/javascript; charset=utf-8")
        let again = await pages.get("/assets/main.js", headers: ["If-None-Match": script.headers["ETag"] ?? ""])
        #expect(again.status == 304)
        #expect(await pages.get("/assets/..%2Fmain.js").status == 404)
    }

    @Test("stands beside health, readiness and metrics")
    func others() async {
        let pages = Pages(store)
        #expect(await pages.get("/healthz").text == "alive\n")
        #expect(await pages.get("/readyz").status == 200)
        #expect(await pages.get("/metrics").text == "braid_up 1\n")
        let waiting = await Pages(store) { "the worker is not registered yet" }.get("/readyz")
        #expect(waiting.status == 503 && waiting.text == "not ready: the worker is not registered yet\n")
        #expect(await pages.send("DELETE", "/").status == 405)
    }

    @Test("is there also when the database is not")
    func withoutDatabase() async {
        let settings = ConnectionSettings("host=/nowhere dbname=none user=nobody")
        let pages = Pages(Store(pool: Pool(settings, patience: .milliseconds(10))))
        #expect(await pages.get("/").status == 200)
        #expect(await pages.get("/console/overview").status == 503)
        #expect(await pages.get("/readyz").status == 503)
        #expect(await pages.get("/healthz").status == 200)
    }

    static let foreign: [HTTPHeaders] = [
        ["Sec-Fetch-Site": "cross-site"], ["Sec-Fetch-Site": "same-site"], ["Origin": "http://evil.example"],
        ["Host": "evil.example"], ["Host": "evil.example", "Origin": "http://evil.example"], ["Origin": "null"],
    ]

    @Test("gives nothing to pages from elsewhere", arguments: foreign)
    func elsewhere(_ headers: HTTPHeaders) async {
        #expect(await Pages(store).get("/console/executions", headers: headers).status == 403)
        var headers = headers
        headers["Content-Type"] = "application/json"
        #expect(await Pages(store).send("POST", "/console/sql", headers: headers, body: "{}").status == 403)
    }

    @Test(
        "answers its own pages under a name that was set, whatever host the proxy before it asks for",
        arguments: ["Workflows.example.org", "workflows.example.org:8443", "127.0.0.1:8083"]
    )
    func named(_ host: String) async {
        let pages = Pages(store, names: ["workflows.example.org"])
        let own: HTTPHeaders = [
            "Host": host, "Origin": "https://workflows.example.org", "Sec-Fetch-Site": "same-origin",
        ]
        #expect(await pages.get("/console/executions", headers: own).status == 200)
        let other: HTTPHeaders = ["Host": host, "Origin": "https://evil.example"]
        #expect(await pages.get("/console/executions", headers: other).status == 403)
    }

    @Test("takes what is asked as JSON and nothing else, since a foreign form can send no JSON")
    func json() async {
        let headers: HTTPHeaders = ["Content-Type": "text/plain", "Origin": "http://127.0.0.1:8083"]
        #expect(await Pages(store).send("POST", "/console/check", headers: headers, body: "{}").status == 415)
    }

    @Test("tells what is wrong with a definition, with its graph")
    func check() async throws {
        let definition = #"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}}"#
        let body: JSONValue = ["definition": .string(definition), "type": "STANDARD"]
        let headers: HTTPHeaders = ["Content-Type": "application/json"]
        let sent = await Pages(store).send("POST", "/console/check", headers: headers, body: body.text)
        let answer = try #require(sent.json)
        #expect(answer["diagnostics"]?[0]?["code"]?.string == "MISSING_TRANSITION_TARGET")
        #expect(answer["diagnostics"]?[0]?["path"]?.string == "/States/A/Next")
        #expect(answer["graph"]?["svg"]?.string?.hasPrefix("<svg") == true)
        #expect(answer["graph"]?["states"] == ["A"])
    }
}
