import JSON
import Tasks
import Testing

@Suite("A Node handler", .serialized, .enabled(if: isInstalled("node"), "node is not installed"))
struct NodeFunctionTests {
    static let f = #"{"f": {"runtime": "node", "handler": "app.handler"}}"#

    struct Way: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var file = "app.js"
        let code: String
        let payload: String
    }

    static let ways = [
        Way(
            testDescription: "a promise",
            code: "exports.handler = async (event) => ({ got: event.x, un: undefined })",
            payload: #"{"got":[1,"é"]}"#
        ),
        Way(
            testDescription: "a callback",
            code: "exports.handler = (event, context, callback) => { setTimeout(() => callback(null, 'late'), 5) }",
            payload: #""late""#
        ),
        Way(
            testDescription: "a callback before the loop is empty",
            code: """
                exports.handler = (event, context, callback) => {
                  context.callbackWaitsForEmptyEventLoop = false
                  setInterval(() => {}, 1000)
                  callback(null, { early: true })
                }
                """,
            payload: #"{"early":true}"#
        ),
        Way(
            testDescription: "a callback once the loop is empty",
            code: """
                exports.handler = (event, context, callback) => {
                  const seen = []
                  setTimeout(() => seen.push('timer'), 20)
                  callback(null, seen)
                }
                """,
            payload: #"["timer"]"#
        ),
        Way(testDescription: "a value", code: "exports.handler = (event) => 42", payload: "42"),
        Way(testDescription: "nothing", code: "exports.handler = () => {}", payload: "null"),
        Way(
            testDescription: "its context's older methods",
            code: "exports.handler = (event, context) => { setImmediate(() => context.succeed('old')) }",
            payload: #""old""#
        ),
        Way(
            testDescription: "an ES module",
            file: "app.mjs",
            code: "import fs from 'node:fs'; export const handler = async () => typeof fs.readFileSync",
            payload: #""function""#
        ),
        Way(
            testDescription: "what a CommonJS module assigns whole",
            file: "app.cjs",
            code: "module.exports = Object.assign({}, { handler: async () => 'whole' })",
            payload: #""whole""#
        ),
        Way(
            testDescription: "its context",
            code: """
                exports.handler = async (event, c) => [c.awsRequestId, c.functionName, c.invokedFunctionArn,
                  c.memoryLimitInMB, c.getRemainingTimeInMillis() > 800000, process.env._HANDLER]
                """,
            payload: #"["request-1","f","arn:aws:lambda:us-east-1:123456789012:function:f","1024",true,"app.handler"]"#
        ),
    ]

    @Test("answers by", arguments: ways)
    func answers(_ row: Way) async throws {
        try await Functions.run(Self.f, files: [row.file: row.code]) { functions in
            for _ in 0..<2 { #expect(await functions.invoke("f", ["x": [1, "é"]]).payload == row.payload) }
        }
    }

    struct Failure: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let code: String
        let error: String
        let message: String
    }

    static let failures = [
        Failure(
            testDescription: "throws",
            code:
                "exports.handler = async () => { const e = new Error('bad'); e.name = 'TooManyRequestsException'; throw e }",
            error: "TooManyRequestsException",
            message: "bad"
        ),
        Failure(
            testDescription: "calls back with an error",
            code: "exports.handler = (event, context, callback) => callback(new TypeError('no'))",
            error: "TypeError",
            message: "no"
        ),
        Failure(
            testDescription: "throws a string",
            code: "exports.handler = async () => { throw 'text' }",
            error: "string",
            message: "text"
        ),
        Failure(
            testDescription: "throws where nobody catches",
            code: "exports.handler = () => new Promise(() => setTimeout(() => { throw new RangeError('far') }, 1))",
            error: "RangeError",
            message: "far"
        ),
        Failure(
            testDescription: "leaves a promise rejected",
            code:
                "exports.handler = () => new Promise(() => { Promise.reject(new Error('left')); setTimeout(() => {}, 9e4) })",
            error: "Runtime.UnhandledPromiseRejection",
            message: "left"
        ),
        Failure(
            testDescription: "is missing",
            code: "exports.other = 1",
            error: "Runtime.HandlerNotFound",
            message: "app.handler is undefined or not exported"
        ),
        Failure(
            testDescription: "is no JavaScript",
            code: "exports.handler = (",
            error: "Runtime.UserCodeSyntaxError",
            message: "SyntaxError: "
        ),
        Failure(
            testDescription: "needs what is missing",
            code: "require('no-such-package')",
            error: "Runtime.ImportModuleError",
            message: "Error: Cannot find module 'no-such-package'"
        ),
    ]

    @Test("fails when it", arguments: failures)
    func fails(_ row: Failure) async throws {
        try await Functions.run(Self.f, files: ["app.js": row.code]) { functions in
            let outcome = await functions.invoke()
            #expect(outcome.error == row.error)
            let payload = try JSONValue(parsing: outcome.cause ?? "")
            #expect(payload["errorMessage"]?.string?.hasPrefix(row.message) == true)
            #expect(payload["trace"]?.array != nil)
        }
    }
}
