import HTTPServer
import Testing

@testable import API

@Suite("GetCallerIdentity")
struct CallerIdentityTests {
    private func answer(
        _ body: String,
        type: String = "application/x-www-form-urlencoded; charset=utf-8"
    ) -> HTTPResponse? {
        let request = HTTPRequest(
            method: "POST",
            target: "/",
            headers: ["Content-Type": type],
            body: Array(body.utf8)
        )
        return CallerIdentity.answer(to: request, account: "123456789012")
    }

    @Test("names the account, as XML")
    func account() throws {
        let response = try #require(answer("Action=GetCallerIdentity&Version=2011-06-15"))
        guard case .bytes(let body) = response.body else { return #expect(Bool(false), "no body") }
        #expect(response.status == 200)
        #expect(String(decoding: body, as: UTF8.self).contains("<Account>123456789012</Account>"))
    }

    @Test("is the only action of the query protocol, and no other protocol's request is taken for one")
    func others() {
        #expect(answer("Action=AssumeRole")?.status == 400)
        #expect(answer("{}", type: "application/x-amz-json-1.0") == nil)
    }
}
