import HTTPServer
import JSON
import Testing

@testable import API

@Suite("A request that is not one of the protocol")
struct OperationRequestTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let request: HTTPRequest
        let name: String
        var status = 400
    }

    static let rows = [
        Row(
            testDescription: "asks for an action that nobody knows",
            request: Requests.post("MakeCoffee", "{}"),
            name: "UnknownOperationException"
        ),
        Row(
            testDescription: "has another content type",
            request: Requests.post("ListStateMachines", "{}", headers: [("Content-Type", "text/plain")]),
            name: "UnknownOperationException"
        ),
        Row(
            testDescription: "is for another service",
            request: Requests.post("X", "{}", headers: [("X-Amz-Target", "DynamoDB_20120810.ListTables")]),
            name: "UnknownOperationException"
        ),
        Row(
            testDescription: "has another method",
            request: HTTPRequest(method: "PUT", target: "/"),
            name: "UnknownOperationException"
        ),
        Row(
            testDescription: "is not JSON",
            request: Requests.post("ListStateMachines", "{"),
            name: "SerializationException"
        ),
        Row(
            testDescription: "is empty",
            request: Requests.post("ListStateMachines", ""),
            name: "SerializationException"
        ),
        Row(
            testDescription: "is not an object",
            request: Requests.post("ListStateMachines", "[]"),
            name: "SerializationException"
        ),
        Row(
            testDescription: "has a member of another type",
            request: Requests.post("ListStateMachines", #"{"maxResults":"many"}"#),
            name: "SerializationException"
        ),
        Row(
            testDescription: "is nested without end",
            request: Requests.post("ListStateMachines", String(repeating: "[", count: 100_000)),
            name: "SerializationException"
        ),
        Row(
            testDescription: "comes from a browser's page of another host",
            request: Requests.post("ListStateMachines", "{}", headers: [("Origin", "https://example.org")]),
            name: "AccessDeniedException",
            status: 403
        ),
        Row(
            testDescription: "comes from a page whose host only begins like a local one",
            request: Requests.post("ListStateMachines", "{}", headers: [("Origin", "http://127.0.0.1.example.org")]),
            name: "AccessDeniedException",
            status: 403
        ),
    ]

    @Test("is taken from pages of a host that was named, and from no other's")
    func namedHost() {
        func isTaken(_ origin: String) -> Bool {
            let request = Requests.post("ListStateMachines", "{}", headers: [("Origin", origin)])
            return (try? OperationRequest.operation(of: request, names: ["workflows.example.org"])) != nil
        }
        #expect(isTaken("https://workflows.example.org") && isTaken("https://Workflows.example.org:8443"))
        #expect(!isTaken("https://example.org") && !isTaken("workflows.example.org"))
    }

    @Test("gets the service's error for it", arguments: rows)
    func refused(_ row: Row) {
        let error = Requests.refusal(of: row.request)
        #expect(error?.name == row.name)
        #expect(error?.status == row.status)
    }

    @Test("is taken when only its form differs: charset, JSON 1.1, a local page, an unknown member, null")
    func taken() {
        let variants: [[(String, String)]] = [
            [("Content-Type", "application/x-amz-json-1.0; charset=utf-8")],
            [("Content-Type", "application/x-amz-json-1.1")],
            [("Origin", "http://localhost:3000")],
            [("Origin", "http://[::1]:8083")],
            [("Origin", "http://127.0.0.1:8083")],
            [("Authorization", "AWS4-HMAC-SHA256 nonsense")],
        ]
        for headers in variants {
            #expect(Requests.refusal(of: Requests.post("ListStateMachines", "{}", headers: headers)) == nil)
        }
        #expect(Requests.refusal(of: Requests.post("ListStateMachines", #"{"new":1,"maxResults":null}"#)) == nil)
    }

    @Test("finds its message and its name in the body, the name behind its namespace")
    func body() {
        let body = ServiceError.invalidToken.body
        #expect(body["__type"]?.string == "com.amazonaws.swf.service.v2.model#InvalidToken")
        #expect(body["message"]?.string == "Invalid Token: 'Invalid token'")
    }

    @Test("gets one of the model's 37 actions")
    func actions() { #expect(Actions.performed.count == 37) }
}
