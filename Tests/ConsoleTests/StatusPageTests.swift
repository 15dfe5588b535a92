import HTTPServer
import Postgres
import StatesLanguage
import Store
import TestSupport
import Testing

@testable import Console

@Suite("The status page", .database)
struct StatusPageTests {
    let store = Store(pool: TestDatabase.current.pool())
    private let about = About(version: "1.2.3", region: "us-east-1", account: "1", databaseHint: "postgresql:///x")

    private func get(_ path: String, from router: Router) async -> (status: Int, text: String, headers: HTTPHeaders) {
        let response = await router.respond(
            to: HTTPRequest(method: "GET", target: path, headers: ["Host": "\"<evil>:8083"])
        )
        guard case .bytes(let body) = response.body else { return (0, "", [:]) }
        return (response.status, String(decoding: body, as: UTF8.self), response.headers)
    }

    @Test("shows what runs, everything escaped, and loads nothing from elsewhere")
    func page() async throws {
        let content = RevisionContent(definition: "{}", roleARN: "r")
        let machine = try #require(
            try await store.createStateMachine(named: "<i>Orders&", type: .standard, content: content)
        )
        _ = try await store.pool.query(
            """
            INSERT INTO braid.executions (
                execution_id, state_machine_id, revision_id, started_at, stopped_at, status, name, input
            ) VALUES (gen_random_uuid(), $1, $2, now() - interval '1 minute', now(), 'FAILED', '<b>run', '{}')
            """,
            [.int8(machine.id.rawValue), .int8(machine.revisionID.rawValue)]
        )
        let page = await get("/", from: Router(store: store, about: about))
        #expect(page.status == 200)
        #expect(page.text.contains("&lt;i&gt;Orders&amp;") && page.text.contains("&lt;b&gt;run"))
        #expect(page.text.contains("1.2.3") && page.text.contains("Failed") && page.text.contains("1 min 0 s"))
        for raw in ["<i>", "<b>", "<evil>", "<script", "src=", "@import", "//fonts"] {
            #expect(!page.text.contains(raw))
        }
        #expect(page.headers["Content-Security-Policy"]?.hasPrefix("default-src 'none'") == true)
    }

    @Test("stands beside health and readiness, and nothing else")
    func others() async {
        let ready = Router(store: store, about: about)
        #expect(await get("/healthz", from: ready).status == 200)
        #expect(await get("/readyz", from: ready).status == 200)
        #expect(await get("/else", from: ready).status == 404)
        let waiting = Router(store: store, about: about, readiness: { "the worker is not registered yet" })
        let answer = await get("/readyz", from: waiting)
        #expect(answer.status == 503 && answer.text == "not ready: the worker is not registered yet\n")
        let post = await ready.respond(to: HTTPRequest(method: "POST", target: "/"))
        #expect(post.status == 405)
    }

    @Test("is there also when the database is not")
    func withoutDatabase() async {
        let settings = ConnectionSettings("host=/nowhere dbname=none user=nobody")
        let router = Router(store: Store(pool: Pool(settings, patience: .milliseconds(10))), about: about)
        #expect(await get("/", from: router).status == 503)
        #expect(await get("/readyz", from: router).status == 503)
        #expect(await get("/healthz", from: router).status == 200)
    }
}
