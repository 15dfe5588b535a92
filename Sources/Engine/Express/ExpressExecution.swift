package import Interpreter
package import StatesLanguage
package import Store

/// An Express execution that has ended.
package struct ExpressExecution: Sendable {
    package var arn: ExpressARN
    /// The name that it was given; an id of its own where it was given none.
    package var name: String
    package var startedAt: Timestamp
    package var stoppedAt: Timestamp
    package var outcome: LocalExecution.Outcome
}

extension Engine {
    /// Runs an execution to its end in this process, in memory: nothing of it is written, and it ends with the process.
    ///
    /// It goes on when the task that asks for it is cancelled: clients that are gone have asked for it nevertheless. A name
    /// may be given to any number of them.
    package func runExpress(_ request: StartRequest) async throws(StoreError) -> ExpressExecution {
        let interpreter = try interpreter(of: request.machine)
        let startedAt = clock.now
        var generator = SystemRandomNumberGenerator()
        let name = request.name ?? newID(at: startedAt, using: &generator)
        let arn = ExpressARN(
            scope: settings.arns.scope,
            stateMachine: request.machine.name,
            name: name,
            id: newID(at: startedAt, using: &generator)
        )
        let info = ExecutionInfo(
            id: arn.description,
            name: name,
            input: request.input,
            roleARN: request.machine.roleARN,
            startTime: startedAt,
            redriveCount: nil,
            stateMachineID: settings.arns.stateMachine(request.machine.name).description,
            stateMachineName: request.machine.name
        )
        let execution = LocalExecution(of: interpreter.definition, as: info, limits: settings.limits)
        let running = Task { [clock, settings, driver] in
            var run = LocalRun(
                of: execution,
                clock: { clock.now },
                timeLimit: settings.expressTimeLimit,
                perform: { request in await Self.perform(request, of: arn, by: driver, clock) }
            )
            return await run.run()
        }
        let outcome = await running.value
        return ExpressExecution(arn: arn, name: name, startedAt: startedAt, stoppedAt: clock.now, outcome: outcome)
    }

    private static func perform(
        _ request: TaskRequest,
        of execution: ExpressARN,
        by driver: TaskDriver?,
        _ clock: DatabaseClock
    ) async -> Happening {
        guard let driver else {
            let cause = "This process performs no tasks: ask one that works, of braid dev or braid worker."
            return .failed(Failure(error: ErrorName.taskFailed, cause: cause))
        }
        let now = clock.now
        var generator = SystemRandomNumberGenerator()
        let attempt = TaskDriver.Attempt(
            request: request,
            requestID: ExecutionID(at: now.microseconds / 1_000, using: &generator).description,
            execution: execution.description,
            time: request.deadline.map { max(.zero, $0 - now) }
        )
        switch await driver.perform(attempt) {
        case .succeeded(let result): return .succeeded(result)
        case .failed(let failure): return .failed(failure)
        case .timedOut: return .timedOut(heartbeat: false)
        }
    }

    private func newID(at time: Timestamp, using generator: inout some RandomNumberGenerator) -> String {
        ExecutionID(at: time.microseconds / 1_000, using: &generator).description
    }
}
