import Engine
import HTTPServer
import JSON
import StatesLanguage
import Store
import Telemetry
import TestSupport

@testable import API

/// The protocol over an engine that works, on the test's database; its Tasks may call the service itself.
struct EngineRouter: Sendable {
    let router: Router
    let engine: Engine
    let service: Service
    let tasks: StepFunctionsTasks

    /// Runs an engine while the body talks to its service.
    static func run(
        settings: EngineSettings = EngineSettings(),
        mocks: Mocks? = nil,
        metrics: Metrics = Metrics(),
        _ body: @Sendable (EngineRouter) async throws -> Void
    ) async throws {
        let database = TestDatabase.current
        let store = Store(pool: database.pool())
        let tasks = StepFunctionsTasks()
        let engine = Engine(
            store: store,
            connection: database.connectionSettings,
            settings: settings,
            driver: tasks.driver,
            clock: DatabaseClock(try await store.describeDatabase().now),
            metrics: metrics,
            logger: Logger(label: "engine", level: .warning)
        )
        let service = Service(engine: engine, driver: tasks.driver, mocks: mocks)
        tasks.connect(service)
        let fixture = EngineRouter(
            router: Router(service: service, bodyLimit: 1 << 20),
            engine: engine,
            service: service,
            tasks: tasks
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await engine.run() }
            try await engine.ready()
            let result: Result<Void, any Error>
            do {
                try await body(fixture)
                result = .success(())
            } catch {
                result = .failure(error)
            }
            await engine.stop()
            try await group.waitForAll()
            try result.get()
        }
    }

    /// The answer's members, whether it is an error or not.
    @discardableResult
    func call(_ action: String, _ members: JSONObject) async throws -> JSONObject {
        let response = await router.respond(to: Requests.post(action, JSONValue.object(members).text))
        guard case .bytes(let body) = response.body else { return [:] }
        return try JSONValue(parsing: body).object ?? [:]
    }

    /// Makes a machine; returns its ARN.
    func machine(_ name: String, _ definition: String, type: String = "STANDARD") async throws -> JSONValue {
        let answer = try await call(
            "CreateStateMachine",
            ["name": .string(name), "definition": .string(definition), "roleArn": "r", "type": .string(type)]
        )
        guard let arn = answer["stateMachineArn"] else { throw Refused(answer: JSONValue.object(answer).text) }
        return arn
    }

    /// Starts an execution; returns its ARN.
    func start(_ machine: JSONValue, input: String = "{}", name: String? = nil) async throws -> JSONValue {
        var members: JSONObject = ["stateMachineArn": machine, "input": .string(input)]
        members["name"] = name.map { .string($0) }
        let answer = try await call("StartExecution", members)
        guard let arn = answer["executionArn"] else { throw Refused(answer: JSONValue.object(answer).text) }
        return arn
    }

    /// What DescribeExecution says once an execution has a status.
    func described(_ arn: JSONValue, as status: String) async throws -> JSONObject {
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(30)
        while true {
            let answer = try await call("DescribeExecution", ["executionArn": arn])
            if answer["status"]?.string == status { return answer }
            guard clock.now < deadline else { throw Refused(answer: JSONValue.object(answer).text) }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// The types of an execution's events, in order.
    func events(_ arn: JSONValue) async throws -> [JSONValue] {
        try await call("GetExecutionHistory", ["executionArn": arn, "maxResults": 1000])["events"]?.array ?? []
    }

    struct Refused: Error {
        let answer: String
    }
}
