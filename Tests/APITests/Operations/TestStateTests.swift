import Engine
import HTTPServer
import Interpreter
import JSON
import Postgres
import Store
import Testing

@testable import API

/// What the table of the interpreter's own tests leaves to the protocol; answers are AWS's, recorded.
@Suite("TestState")
struct TestStateTests {
    /// A router whose Tasks are performed by a function; nothing it does here needs a database.
    private func router(_ perform: (@Sendable (TaskDriver.Attempt) async -> TaskDriver.Outcome)? = nil) -> Router {
        let driver = perform.map { TaskDriver(lanes: { [] }, serves: { _ in true }, perform: $0) }
        let service = Service(
            store: Store(pool: Pool(ConnectionSettings("host=/nowhere dbname=none user=nobody"))),
            arns: ARNs(),
            start: { _ throws(StoreError) in throw .unavailable("") },
            stop: { _, _, _ throws(StoreError) in throw .unavailable("") },
            trial: Trial(driver: driver)
        )
        return Router(service: service, bodyLimit: 1 << 20)
    }

    private func answer(
        _ members: JSONObject,
        _ perform: (@Sendable (TaskDriver.Attempt) async -> TaskDriver.Outcome)? = nil
    ) async throws -> JSONObject {
        let response = await router(perform).respond(to: Requests.post("TestState", JSONValue.object(members).text))
        guard case .bytes(let body) = response.body else { return [:] }
        return try JSONValue(parsing: body).object ?? [:]
    }

    @Test("tells how a state ended, and no more at level INFO")
    func info() async throws {
        let answer = try await answer([
            "definition": #"{"Type":"Pass","Result":{"r":1},"Next":"Away"}"#, "inspectionLevel": "INFO",
        ])
        #expect(answer == ["status": "SUCCEEDED", "output": #"{"r":1}"#, "nextState": "Away"])
    }

    @Test("shows the data at each step from level DEBUG on", arguments: ["DEBUG", "TRACE"])
    func debug(level: String) async throws {
        let answer = try await answer([
            "definition": #"{"Type":"Pass","InputPath":"$.a","End":true}"#, "input": #"{"a": 1}"#,
            "inspectionLevel": .string(level), "variables": #"{"v": 2}"#,
        ])
        let data: JSONValue = [
            "input": #"{"a": 1}"#, "afterInputPath": "1", "afterParameters": "1", "afterResultSelector": "1",
            "afterResultPath": "1", "variables": #"{"v":2}"#,
        ]
        #expect(answer["inspectionData"] == data)
    }

    @Test("shows what a Map may use up, a percentage with its fraction")
    func map() async throws {
        let answer = try await answer([
            "definition": .string(Self.map(#""MaxConcurrency": 2, "ToleratedFailurePercentage": 10"#)),
            "input": "[1]", "inspectionLevel": "DEBUG", "mock": ["result": "[2]"],
        ])
        #expect(answer["inspectionData"]?["maxConcurrency"] == 2)
        #expect(answer["inspectionData"]?["toleratedFailureCount"] == nil)
        #expect(answer["inspectionData"]?["toleratedFailurePercentage"]?.text == "10.0")
    }

    @Test("tells who answered a failure, and in how many seconds it would be retried")
    func errorDetails() async throws {
        let retry = #""Retry": [{"ErrorEquals": ["E"], "IntervalSeconds": 3}]"#
        let answer = try await answer([
            "definition": .string(Self.task(retry)), "mock": ["errorOutput": ["error": "E"]],
            "stateConfiguration": ["retrierRetryCount": 1], "inspectionLevel": "DEBUG",
        ])
        #expect(answer["status"] == "RETRIABLE")
        #expect(answer["error"] == "E")
        #expect(answer["cause"] == nil)
        let details: JSONValue = ["retryIndex": 0, "retryBackoffIntervalSeconds": 6]
        #expect(answer["inspectionData"]?["errorDetails"] == details)
    }

    @Test("finds a state of a machine at any depth")
    func nested() async throws {
        let machine = #"{"StartAt": "M", "States": {"M": \#(Self.map(""))}}"#
        let answer = try await answer(["definition": .string(machine), "stateName": "I", "input": "7"])
        #expect(answer == ["status": "SUCCEEDED", "output": "7"])
    }

    @Test("has a Task without a mock performed, and hands on what came of it")
    func performed() async throws {
        let answer = try await answer(["definition": .string(Self.task("")), "roleArn": "arn:aws:iam::1:role/r"]) {
            #expect($0.execution.hasPrefix("arn:aws:states:us-east-1:123456789012:express:"))
            #expect($0.time.map { $0 <= .seconds(300) } == true)
            return .succeeded($0.request.input)
        }
        #expect(answer == ["status": "SUCCEEDED", "output": #"{"FunctionName":"f"}"#])
    }

    @Test("times a Task out when its driver does, and fails one that nothing performs")
    func failed() async throws {
        let members: JSONObject = ["definition": .string(Self.task("")), "roleArn": "arn:aws:iam::1:role/r"]
        let late = try await answer(members) { _ in .timedOut }
        #expect(late == ["status": "FAILED", "error": "States.Timeout"])
        let unperformed = try await answer(members)
        #expect(unperformed["status"] == "FAILED")
        #expect(unperformed["error"] == "States.TaskFailed")
    }

    @Test("refuses more failed iterations than a Map has")
    func tooManyFailures() async throws {
        let answer = try await answer([
            "definition": .string(Self.map("")), "input": "[1]", "mock": ["result": "[2]"],
            "stateConfiguration": ["mapIterationFailureCount": 2],
        ])
        #expect(
            answer["message"]
                == "Map iteration failure count must be less than or equal to the number of Map iterations"
        )
    }

    static func task(_ fields: String, resource: String = "arn:aws:states:::lambda:invoke") -> String {
        let parameters = #""Parameters": {"FunctionName": "f"}"#
        return #"{"Type": "Task", "Resource": "\#(resource)", \#(parameters), \#(separated(fields)) "End": true}"#
    }

    static func map(_ fields: String) -> String {
        let processor = #"{"StartAt": "I", "States": {"I": {"Type": "Pass", "End": true}}}"#
        return #"{"Type": "Map", "ItemProcessor": \#(processor), \#(separated(fields)) "End": true}"#
    }

    private static func separated(_ fields: String) -> String { fields.isEmpty ? "" : "\(fields)," }
}
