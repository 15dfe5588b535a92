import Interpreter
import JSON
import StatesLanguage
import Testing

@testable import Engine

/// An execution in memory, on a clock that moves with each look at it.
@Suite struct LocalRunTests {
    private static let start = Timestamp(microseconds: 1_700_000_000_000_000)
    private static let loop = #"""
        {"StartAt": "A", "States": {
            "A": {"Type": "Pass", "Next": "B"},
            "B": {"Type": "Choice", "Choices": [{"Variable": "$.never", "IsPresent": true, "Next": "C"}], "Default": "A"},
            "C": {"Type": "Succeed"}}}
        """#

    @Test(.timeLimit(.minutes(1)))
    func `states that lead to one another for ever end with the time limit`() async throws {
        let start = ContinuousClock.now
        var events = 0
        var run = try run(limit: .milliseconds(100)) { _ in
            events += 1
        } clock: {
            Self.start + (ContinuousClock.now - start)
        }
        #expect(await run.run() == .timedOut)
        #expect(events > 100)
    }

    @Test(.timeLimit(.minutes(1)))
    func `states that lead to one another for ever end when they are cancelled`() async throws {
        let run = try run(limit: nil) { _ in
        } clock: {
            Self.start
        }
        let task = Task {
            var run = run
            return await run.run()
        }
        task.cancel()
        #expect(await task.value == .aborted(Failure(error: nil, cause: nil)))
    }

    private func run(
        limit: Duration?,
        report: @escaping (LocalExecution.Entry) -> Void,
        clock: @escaping @Sendable () -> Timestamp
    ) throws -> LocalRun {
        let definition = try StateMachineDefinition(parsing: Self.loop)
        let info = ExecutionInfo(
            id: "arn",
            name: "name",
            input: JSONText(trusted: "{}"),
            roleARN: "role",
            startTime: Self.start,
            redriveCount: nil,
            stateMachineID: "machine",
            stateMachineName: "machine"
        )
        return LocalRun(
            of: LocalExecution(of: definition, as: info),
            clock: clock,
            timeLimit: limit,
            perform: { _ in .timedOut(heartbeat: false) },
            report: report
        )
    }
}
