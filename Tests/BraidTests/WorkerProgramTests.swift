import Braid
import Engine
import Foundation
import JSON
import Lifecycle
import Postgres
import StatesLanguage
import Store
import Telemetry
import TestSupport
import Testing

@Suite("A program with handlers of its own", .database)
struct WorkerProgramTests {
    private struct Order: Codable, Sendable { var id: Int }

    private let resource = "arn:aws:lambda:us-east-1:123456789012:function:"

    @Test("performs the tasks that its functions are named in, and fails as it says")
    func performs() async throws {
        let settings = TestDatabase.current.connectionSettings
        var program = WorkerProgram(database: "\(settings.conninfo) dbname=\(settings.database ?? "")")
        program.handle("double") { (order: Order, context) in
            #expect(context.requestID.count == 36)
            return Order(id: order.id * 2)
        }
        program.handleData("refuse") { _, _ in throw TaskError("NoSuchOrder", cause: "42") }
        #expect(program.functionNames == ["double", "refuse"])
        let running = Task { [program] in try await program.run() }
        defer { running.cancel() }

        let store = Store(pool: TestDatabase.current.pool())
        let engine = Engine(
            store: store,
            connection: settings,
            settings: EngineSettings(),
            driver: nil,
            clock: DatabaseClock(try await store.surveyLanes().now),
            logger: Logger(label: "engine")
        )
        let group = PartGroup([Part("engine", engine, ready: { try await engine.ready() })])
        let serving = Task { try await group.run() }
        try await group.ready()
        let definition = #"""
            {"StartAt":"A","States":{"A":{"Type":"Task","Resource":"\#(resource)double","Next":"B"},
            "B":{"Type":"Task","Resource":"\#(resource)refuse","Catch":[{"ErrorEquals":["NoSuchOrder"],"Next":"C"}],"End":true},
            "C":{"Type":"Pass","End":true}}}
            """#
        let content = RevisionContent(definition: definition, roleARN: "arn:aws:iam::123456789012:role/r")
        let machine = try #require(
            try await store.createStateMachine(named: "orders", type: .standard, content: content)
        )
        let input = try JSONText(validating: #"{"id":21}"#)
        _ = try await engine.startExecution(StartRequest(machine: machine, name: "one", input: input))
        let deadline = ContinuousClock.now + .seconds(30)
        var output: String?
        while output == nil, ContinuousClock.now < deadline {
            output = try await store.findExecution(named: "one", ofMachineNamed: "orders")?.output?.text
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(output == #"{"Error":"NoSuchOrder","Cause":"42"}"#)
        let visits = try await store.pool.query(
            "SELECT output::text FROM braid.state_visits WHERE execution = 'one' AND state = 'A'"
        )
        #expect(try visits.first?[0] == #"{"id":42}"#)
        group.stop()
        try await serving.value
    }
}
