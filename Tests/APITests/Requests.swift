import HTTPServer
import JSON

@testable import API

/// Makes requests as an SDK does.
enum Requests {
    static func post(
        _ action: String,
        _ body: String,
        headers: [(String, String)] = []
    ) -> HTTPRequest {
        var fields: HTTPHeaders = [
            "Content-Type": "application/x-amz-json-1.0",
            "X-Amz-Target": "AWSStepFunctions.\(action)",
        ]
        for (name, value) in headers { fields[name] = value }
        return HTTPRequest(method: "POST", target: "/", headers: fields, body: Array(body.utf8))
    }

    /// What is wrong with a request; `nil` if nothing is before anything is looked up.
    static func refusal(of action: String, _ members: JSONObject) -> ServiceError? {
        refusal(of: post(action, JSONValue.object(members).text))
    }

    static func refusal(of request: HTTPRequest) -> ServiceError? {
        do {
            _ = try OperationRequest.operation(of: request)
            return nil
        } catch {
            return error
        }
    }

    static let machine = "arn:aws:states:us-east-1:123456789012:stateMachine:Orders"
    static let execution = "arn:aws:states:us-east-1:123456789012:execution:Orders:first"
    static let definition = #"{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}"#
}
