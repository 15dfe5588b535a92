import Engine
import HTTPServer
import Interpreter
import JSON
import Store
import Telemetry
import TestSupport
import Testing

@testable import API

/// The protocol over the engine itself, against what AWS was recorded to answer.
@Suite("A service with its engine", .database)
struct EngineServiceTests {
    /// Runs an engine that performs no tasks while the body talks to its service.
    private func withRouter(_ body: @Sendable (Router) async throws -> Void) async throws {
        let database = TestDatabase.current
        let store = Store(pool: database.pool())
        let engine = Engine(
            store: store,
            connection: database.connectionSettings,
            settings: EngineSettings(),
            driver: TaskDriver(
                lanes: { [] },
                serves: { _ in false },
                perform: { _ in .failed(Failure(error: "Unserved", cause: nil)) }
            ),
            clock: DatabaseClock(try await store.describeDatabase().now),
            logger: Logger(label: "engine", level: .warning)
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await engine.run() }
            try await engine.ready()
            let result: Result<Void, any Error>
            do {
                result = .success(try await body(Router(service: Service(engine: engine), bodyLimit: 1 << 20)))
            } catch {
                result = .failure(error)
            }
            await engine.stop()
            try await group.waitForAll()
            try result.get()
        }
    }

    private func call(_ router: Router, _ action: String, _ members: JSONObject) async throws -> JSONObject {
        let response = await router.respond(to: Requests.post(action, JSONValue.object(members).text))
        guard case .bytes(let body) = response.body else { return [:] }
        return try JSONValue(parsing: body).object ?? [:]
    }

    private func ended(_ router: Router, _ arn: JSONValue) async throws -> JSONObject {
        while true {
            let described = try await call(router, "DescribeExecution", ["executionArn": arn])
            if described["status"] != "RUNNING" { return described }
            await Task.yield()
        }
    }

    @Test(
        "runs a machine to its end, and tells its history either way round (recorded: test_get_execution_history_reversed)"
    )
    func history() async throws {
        try await withRouter { router in
            let definition =
                #"{"StartAt":"State_1","States":{"State_1":{"Type":"Pass","Result":{"Arg1":"argument1"},"End":true}}}"#
            _ = try await call(
                router,
                "CreateStateMachine",
                ["name": "Orders", "definition": .string(definition), "roleArn": "r"]
            )
            let started = try await call(router, "StartExecution", ["stateMachineArn": .string(Requests.machine)])
            let arn = try #require(started["executionArn"])
            let described = try await ended(router, arn)
            #expect(described["status"] == "SUCCEEDED")
            #expect(described["output"]?.string == #"{"Arg1":"argument1"}"#)
            #expect(described["outputDetails"] == ["included": true])
            #expect(described["startDate"] == started["startDate"])

            let forward = try await call(router, "GetExecutionHistory", ["executionArn": arn])
            let events = try #require(forward["events"]?.array)
            #expect(
                events.map { $0["type"] } == [
                    "ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded",
                ]
            )
            #expect(events.map { $0["id"] } == [1, 2, 3, 4])
            #expect(events.map { $0["previousEventId"] } == [0, 0, 2, 3])
            let output: JSONValue = [
                "name": "State_1", "output": #"{"Arg1":"argument1"}"#, "outputDetails": ["truncated": false],
            ]
            #expect(events[2]["stateExitedEventDetails"] == output)

            let back = try await call(router, "GetExecutionHistory", ["executionArn": arn, "reverseOrder": true])
            #expect(back["events"]?.array == events.reversed())
        }
    }

    @Test("stops what waits, and starts the same name once while it runs")
    func stop() async throws {
        try await withRouter { router in
            let definition = #"{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":99999,"End":true}}}"#
            _ = try await call(
                router,
                "CreateStateMachine",
                ["name": "Orders", "definition": .string(definition), "roleArn": "r"]
            )
            let request: JSONObject = ["stateMachineArn": .string(Requests.machine), "name": "first", "input": "[1]"]
            let started = try await call(router, "StartExecution", request)
            #expect(try await call(router, "StartExecution", request) == started)
            let execution: JSONObject = ["executionArn": .string(Requests.execution), "error": "E", "cause": "C"]
            let stopped = try await call(router, "StopExecution", execution)
            let described = try await ended(router, .string(Requests.execution))
            #expect(described["status"] == "ABORTED" && described["error"] == "E" && described["cause"] == "C")
            #expect(described["stopDate"] == stopped["stopDate"])
            #expect(try await call(router, "StopExecution", execution) == stopped)
            let again = try await call(router, "StartExecution", request)
            #expect(again["message"]?.string == "Execution Already Exists: '\(Requests.execution)'")

            let history = try await call(router, "GetExecutionHistory", ["executionArn": .string(Requests.execution)])
            let last = try #require(history["events"]?.array?.last)
            #expect(last["type"] == "ExecutionAborted")
            #expect(last["executionAbortedEventDetails"] == ["error": "E", "cause": "C"])
        }
    }

    @Test("answers how an Express execution ended, and keeps nothing of it (recorded: test_express_sync)")
    func express() async throws {
        try await withRouter { router in
            let definition =
                #"{"StartAt":"A","States":{"A":{"Type":"Choice","Choices":[{"Variable":"$.v","IsPresent":true,"Next":"C"}],"Default":"F"},"C":{"Type":"Pass","Parameters":{"v.$":"$.v","count.$":"$$.Execution"},"End":true},"F":{"Type":"Fail","Error":"E","Cause":"C"}}}"#
            _ = try await call(
                router,
                "CreateStateMachine",
                ["name": "Orders", "definition": .string(definition), "roleArn": "r", "type": "EXPRESS"]
            )
            let request: JSONObject = [
                "stateMachineArn": .string(Requests.machine), "name": "first", "input": #"{"v":1}"#,
            ]
            let ended = try await call(router, "StartSyncExecution", request)
            #expect(ended["status"] == "SUCCEEDED" && ended["name"] == "first")
            #expect(
                ended["executionArn"]?.string?.hasPrefix(Requests.execution.replacing("execution", with: "express"))
                    == true
            )
            let output = try JSONValue(parsing: try #require(ended["output"]?.string))
            #expect(output["v"] == 1 && output["count"]?["RedriveCount"] == nil)
            #expect(output["count"]?["Id"] == ended["executionArn"])
            #expect(ended["billingDetails"] == ["billedDurationInMilliseconds": 100, "billedMemoryUsedInMB": 64])
            let again = try await call(router, "StartSyncExecution", request)
            #expect(again["executionArn"] != ended["executionArn"])

            var bare = request
            bare["name"] = nil
            bare["input"] = nil
            bare["includedData"] = "METADATA_ONLY"
            let failed = try await call(router, "StartSyncExecution", bare)
            #expect(failed["status"] == "FAILED" && failed["error"] == nil && failed["input"] == nil)
            #expect(failed["inputDetails"] == ["included": false])
            bare["includedData"] = nil
            #expect(try await call(router, "StartSyncExecution", bare)["error"] == "E")

            let described = try await call(
                router,
                "DescribeExecution",
                ["executionArn": try #require(ended["executionArn"])]
            )
            #expect(described["message"] == "Invalid Arn: 'Resource type not valid in this context: express'")
        }
    }

    @Test("says of a Standard machine that it cannot be waited for, and by which version one was started")
    func standard() async throws {
        try await withRouter { router in
            _ = try await call(
                router,
                "CreateStateMachine",
                ["name": "Orders", "definition": .string(Requests.definition), "roleArn": "r", "publish": true]
            )
            let machine: JSONObject = ["stateMachineArn": .string(Requests.machine)]
            let refused = try await call(router, "StartSyncExecution", machine)
            #expect(refused["message"] == "This operation is not supported by this type of state machine")

            let version = "\(Requests.machine):1"
            let alias: JSONObject = [
                "name": "live", "routingConfiguration": [["stateMachineVersionArn": .string(version), "weight": 100]],
            ]
            _ = try await call(router, "CreateStateMachineAlias", alias)
            let started = try await call(
                router,
                "StartExecution",
                ["stateMachineArn": .string("\(Requests.machine):live")]
            )
            let arn = try #require(started["executionArn"])
            let described = try await ended(router, arn)
            #expect(described["stateMachineVersionArn"]?.string == version)
            let history = try await call(router, "GetExecutionHistory", ["executionArn": arn])
            let first: JSONValue = [
                "input": "{}", "inputDetails": ["truncated": false], "roleArn": "r",
                "stateMachineAliasArn": .string("\(Requests.machine):live"), "stateMachineVersionArn": .string(version),
            ]
            #expect(history["events"]?.array?.first?["executionStartedEventDetails"] == first)
        }
    }
}
