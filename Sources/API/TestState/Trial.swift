package import Engine
package import Interpreter
package import StatesLanguage
import Telemetry

/// What a state is tested with: what performs a Task, what it may use up, and the clock.
package struct Trial: Sendable {
    /// How long a test may take.
    ///
    /// Source: Step Functions API reference, "TestState".
    static let longest: Duration = .seconds(300)

    let limits: Limits
    let driver: TaskDriver?
    let now: @Sendable () -> Timestamp

    /// - Parameters:
    ///   - limits: Those of executions.
    ///   - driver: What performs Tasks in this process; without one a Task is tested with a mock only.
    ///   - now: The clock; this machine's, where no other is given.
    package init(
        limits: Limits = Limits(),
        driver: TaskDriver? = nil,
        now: @escaping @Sendable () -> Timestamp = { Timestamp(microseconds: WallTime.now().microseconds) }
    ) {
        self.limits = limits
        self.driver = driver
        self.now = now
    }

    /// Works on a state until it has ended, or its time is up.
    func run(_ test: StateTest, of execution: String) async throws(StateTest.Misfit) -> StateTest.Outcome {
        var test = test
        var random = SystemRandomNumberGenerator()
        let end = now() + Self.longest
        var step = try test.begin(at: now(), using: &random)
        while true {
            switch step {
            case .ended(let outcome): return outcome
            case .wait(let until):
                guard until <= end, await sleep(for: until - now()) else {
                    _ = await sleep(for: end - now())
                    return test.timedOut
                }
                step = try test.resume(with: .begin, at: max(until, now()), using: &random)
            case .perform(let request):
                let deadline = min(request.deadline ?? end, end)
                let happening = await perform(request, of: execution, within: max(.zero, deadline - now()))
                step = try test.resume(with: happening, at: now(), using: &random)
            }
        }
    }

    /// Performs an attempt; the driver is cancelled once its time is up.
    private func perform(
        _ request: TaskRequest,
        of execution: String,
        within time: Duration
    ) async -> Happening {
        guard let driver else {
            return .failed(
                Failure(
                    error: ErrorName.taskFailed,
                    cause: "This process performs no Tasks: test the state with a mock, or ask a process with a worker."
                )
            )
        }
        let attempt = TaskDriver.Attempt(
            request: request,
            requestID: RequestID.new(),
            execution: execution,
            time: time
        )
        return await withTaskGroup(of: Happening.self) { group in
            group.addTask {
                switch await driver.perform(attempt) {
                case .succeeded(let result): .succeeded(result)
                case .failed(let failure): .failed(failure)
                case .timedOut: .timedOut(heartbeat: false)
                }
            }
            group.addTask {
                try? await Task.sleep(for: time)
                return .timedOut(heartbeat: false)
            }
            defer { group.cancelAll() }
            return await group.next() ?? .timedOut(heartbeat: false)
        }
    }

    /// Whether the whole time was slept.
    private func sleep(for time: Duration) async -> Bool {
        (try? await Task.sleep(for: max(.zero, time))) != nil
    }
}
