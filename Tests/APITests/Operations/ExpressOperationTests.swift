import Engine
import JSON
import StatesLanguage
import Store
import Telemetry
import TestSupport
import Testing

@testable import API

@Suite("StartExecution of an Express machine", .database, .serialized)
struct ExpressOperationTests {
    /// Makes a Standard machine, which others can see: what an Express execution did.
    private func leavingTrace(_ name: String, wait: Int = 0) -> String {
        #"""
        {"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":\#(wait),"Next":"T"},"T":{"Type":"Task",
        "Resource":"arn:aws:states:::aws-sdk:sfn:createActivity","Parameters":{"Name":"\#(name)"},"End":true}}}
        """#
    }

    private func rows(_ service: EngineRouter) async throws -> Int {
        try await service.engine.store.countExpress()
    }

    private func activity(_ service: EngineRouter, _ name: String) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while try await service.engine.store.findActivity(named: name) == nil {
            try #require(ContinuousClock.now < deadline)
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    private func emptied(_ service: EngineRouter) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while try await rows(service) > 0 {
            try #require(ContinuousClock.now < deadline)
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    @Test("answers at once with an ARN of its own kind, each time, and leaves nothing once it has ended")
    func started() async throws {
        try await EngineRouter.run { service in
            let machine = try await service.machine("X", leavingTrace("trace"), type: "EXPRESS")
            let first = try await service.start(machine, name: "same")
            let second = try await service.start(machine, name: "same")
            #expect(first != second)
            #expect(first.string?.hasPrefix("arn:aws:states:us-east-1:123456789012:express:X:same:") == true)
            try await activity(service, "trace")
            try await emptied(service)
        }
    }

    @Test("is refused for now when as many run as may in one process, if it is synchronous")
    func throttled() async throws {
        let metrics = Metrics()
        try await EngineRouter.run(metrics: metrics) { service in
            let definition = #"{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}"#
            let machine = try await service.machine("X", definition, type: "EXPRESS")
            let ended = try await service.call("StartSyncExecution", ["stateMachineArn": machine])
            #expect(ended["status"]?.string == "SUCCEEDED")
            var full = service.service
            full.synchronousRuns = RunningCount(most: 0)
            let router = Router(service: full, bodyLimit: 1 << 20)
            let busy = EngineRouter(router: router, engine: service.engine, service: full, tasks: service.tasks)
            for _ in 0..<2 {
                let refused = try await busy.call("StartSyncExecution", ["stateMachineArn": machine])
                #expect(refused["__type"]?.string == "com.amazon.coral.availability#ThrottlingException")
            }
        }
        #expect(metrics.render().contains("\nbraid_executions_throttled_total 2\n"))
    }

    @Test("is run by whoever works when the process that took it has died")
    func takenOver() async throws {
        let store = Store(pool: TestDatabase.current.pool())
        let made = try await store.createStateMachine(
            named: "X",
            type: .express,
            content: RevisionContent(definition: leavingTrace("taken"), roleARN: "r"),
            readsExecutionInput: true
        )
        let record = try #require(made)
        let dead = try await store.registerWorker(host: "h", pid: 1, lanes: [], capacity: 1)
        try await store.endWorker(dead)
        var generator = SystemRandomNumberGenerator()
        let row = ExpressRow(
            id: ExecutionID(at: 1_700_000_000_000, using: &generator),
            revision: record.revisionID,
            name: "n",
            input: JSONText(trusted: "{}")
        )
        try await store.keepExpress(row, of: record.id, at: Timestamp(microseconds: 0), worker: dead)
        try await EngineRouter.run { service in
            try await activity(service, "taken")
            try await emptied(service)
        }
    }

    @Test("ends an execution after the time that Express executions have, whatever its definition allows")
    func timeLimit() async throws {
        var settings = EngineSettings()
        #expect(settings.expressTimeLimit == .seconds(300))
        settings.expressTimeLimit = .milliseconds(200)
        try await EngineRouter.run(settings: settings) { service in
            let definition =
                #"{"TimeoutSeconds":600,"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":599,"End":true}}}"#
            let machine = try await service.machine("Slow", definition, type: "EXPRESS")
            let answer = try await service.call("StartSyncExecution", ["stateMachineArn": machine])
            #expect(answer["status"] == "TIMED_OUT")
            #expect(answer["output"] == nil)
        }
    }

    @Test("refuses what needs a history: no such execution is described, listed, stopped or redriven")
    func refused() async throws {
        try await EngineRouter.run { service in
            let machine = try await service.machine("X", leavingTrace("refused", wait: 60), type: "EXPRESS")
            let arn = try await service.start(machine)
            for action in ["DescribeExecution", "StopExecution", "GetExecutionHistory", "RedriveExecution"] {
                let answer = try await service.call(action, ["executionArn": arn])
                #expect(answer["message"] == "Invalid Arn: 'Resource type not valid in this context: express'")
            }
            let listed = try await service.call("ListExecutions", ["stateMachineArn": machine])
            #expect(listed["message"] == "This operation is not supported by this type of state machine")
        }
    }

    @Test("started by a Task is not waited for")
    func nested() async throws {
        try await EngineRouter.run { service in
            let machine = try await service.machine("X", leavingTrace("nested"), type: "EXPRESS")
            for (pattern, status) in [("", "SUCCEEDED"), (".sync", "FAILED")] {
                let parent = #"""
                    {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution\#(pattern)",
                    "Parameters":{"StateMachineArn":\#(machine.text)},"End":true}}}
                    """#
                let arn = try await service.start(try await service.machine("P\(status)", parent))
                let described = try await service.described(arn, as: status)
                if status == "FAILED" {
                    #expect(described["error"] == "StepFunctions.StateMachineTypeNotSupportedException")
                }
            }
            try await activity(service, "nested")
        }
    }
}
