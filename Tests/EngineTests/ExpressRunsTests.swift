import Foundation
import JSON
import Lifecycle
import StatesLanguage
import Store
import Telemetry
import TestSupport
import Testing

@testable import Engine

@Suite("Asynchronous Express executions", .database)
struct ExpressRunsTests {
    @Test("that a process without a worker starts are taken up at once, and as many as there are")
    func takenUp() async throws {
        // A worker that was not told, or took no more than one take-up gives, would sleep for ten minutes.
        var settings = EngineSettings()
        settings.pollInterval = .seconds(600)
        settings.capacity = 40
        try await EngineFixture.make([:], settings: settings).run { fixture in
            let connection = TestDatabase.current.connectionSettings
            let serving = Engine(
                store: fixture.store,
                connection: connection,
                settings: settings,
                driver: nil,
                clock: fixture.engine.clock,
                logger: Logger(label: "serving")
            )
            let running = Task { try await serving.run() }
            try await serving.ready()
            let content = RevisionContent(
                definition: #"{"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}"#,
                roleARN: "arn:aws:iam::123456789012:role/r"
            )
            let machine = try #require(
                try await fixture.store.createStateMachine(named: "m", type: .express, content: content)
            )
            try await withThrowingDiscardingTaskGroup { group in
                for _ in 0..<150 {
                    group.addTask {
                        let request = StartRequest(machine: machine, name: nil, input: JSONText([:]))
                        _ = try await serving.startExpress(request)
                    }
                }
            }
            try await waitUntil(within: .seconds(60)) { try await fixture.store.countExpress() == 0 }
            await serving.stop()
            try await running.value
        }
    }
}
