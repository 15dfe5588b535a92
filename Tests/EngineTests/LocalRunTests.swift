import Interpreter
import JSON
import StatesLanguage
import Synchronization
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

    @Test(.timeLimit(.minutes(1)))
    func `an attempt that takes longer than its Task may is timed out, and cancelled`() async throws {
        let ended = AsyncStream.makeStream(of: Bool.self)
        var run = try task(#""TimeoutSeconds": 1"#, limit: nil) { _ in
            try? await Task.sleep(for: .seconds(60))
            ended.continuation.yield(Task.isCancelled)
            return .succeeded(JSONText(trusted: "1"))
        }
        #expect(await run.run() == .failed(Failure(error: "States.Timeout", cause: nil)))
        var isCancelled: Bool?
        for await one in ended.stream {
            isCancelled = one
            break
        }
        #expect(isCancelled == true)
    }

    @Test(.timeLimit(.minutes(1)))
    func `an attempt that takes longer than the execution may ends with it`() async throws {
        var run = try task(#""TimeoutSeconds": 50"#, limit: .milliseconds(50)) { _ in
            try? await Task.sleep(for: .seconds(60))
            return .succeeded(JSONText(trusted: "1"))
        }
        #expect(await run.run() == .timedOut)
    }

    @Test(.timeLimit(.minutes(1)))
    func `an attempt is cancelled with its execution`() async throws {
        let began = AsyncStream.makeStream(of: Void.self)
        let run = try task(#""TimeoutSeconds": 50"#, limit: nil) { _ in
            began.continuation.yield()
            try? await Task.sleep(for: .seconds(60))
            return .succeeded(JSONText(trusted: "1"))
        }
        let task = Task {
            var run = run
            return await run.run()
        }
        for await _ in began.stream { break }
        task.cancel()
        #expect(await task.value == .aborted(Failure(error: nil, cause: nil)))
    }

    @Test(.timeLimit(.minutes(1)))
    func `attempts that fail are retried, one after the other`() async throws {
        let left = Mutex(2)
        let retry = #""Retry": [{"ErrorEquals": ["E"], "IntervalSeconds": 1, "MaxAttempts": 2}], "TimeoutSeconds": 50"#
        var run = try task(retry, limit: nil, skipsWaits: true) { _ in
            let isLast = left.withLock { left in
                left -= 1
                return left < 0
            }
            return isLast ? .succeeded(JSONText(trusted: "1")) : .failed(Failure(error: "E", cause: nil))
        }
        #expect(await run.run() == .succeeded(JSONText(trusted: "1")))
    }

    /// A Task `T`, performed as given, on the process's own clock.
    private func task(
        _ fields: String,
        limit: Duration?,
        skipsWaits: Bool = false,
        perform: @escaping LocalRun.Performer
    ) throws -> LocalRun {
        let resource = "arn:aws:lambda:us-east-1:123456789012:function:f"
        let definition = try StateMachineDefinition(
            parsing:
                #"{"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "\#(resource)", \#(fields), "End": true}}}"#
        )
        let start = ContinuousClock.now
        return LocalRun(
            of: LocalExecution(of: definition, as: Self.info),
            clock: { Self.start + (ContinuousClock.now - start) },
            timeLimit: limit,
            skipsWaits: skipsWaits,
            perform: perform
        )
    }

    private static let info = ExecutionInfo(
        id: "arn",
        name: "name",
        input: JSONText(trusted: "{}"),
        roleARN: "role",
        startTime: start,
        redriveCount: nil,
        stateMachineID: "machine",
        stateMachineName: "machine"
    )

    private func run(
        limit: Duration?,
        report: @escaping (LocalExecution.Entry) -> Void,
        clock: @escaping @Sendable () -> Timestamp
    ) throws -> LocalRun {
        let definition = try StateMachineDefinition(parsing: Self.loop)
        return LocalRun(
            of: LocalExecution(of: definition, as: Self.info),
            clock: clock,
            timeLimit: limit,
            perform: { _ in .timedOut(heartbeat: false) },
            report: report
        )
    }
}
