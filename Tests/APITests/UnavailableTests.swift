import Engine
import HTTPServer
import JSON
import Postgres
import Store
import Testing

@testable import API

@Suite("A service without its database")
struct UnavailableTests {
    @Test("answers that it is not available, with a request id, and tells no more")
    func unavailable() async throws {
        let settings = ConnectionSettings("host=/nowhere dbname=none user=nobody")
        let store = Store(pool: Pool(settings, patience: .milliseconds(10)))
        let router = Router(
            service: Service(
                store: store,
                arns: .init(),
                start: { _ throws(StoreError) in throw .unavailable("") },
                stop: { _, _, _ throws(StoreError) in throw .unavailable("") }
            ),
            bodyLimit: 7
        )
        let response = await router.respond(to: Requests.post("ListStateMachines", "{}"))
        #expect(response.status == 503)
        #expect(response.headers["x-amzn-RequestId"]?.count == 36)
        #expect(response.headers["Content-Type"] == "application/x-amz-json-1.0")
        guard case .bytes(let body) = response.body else { return }
        #expect(try JSONValue(parsing: body)["message"]?.string?.contains("nowhere") == false)

        let tooLarge = await router.respondTooLarge(to: Requests.post("ListStateMachines", ""))
        #expect(tooLarge.status == 413)
    }
}
