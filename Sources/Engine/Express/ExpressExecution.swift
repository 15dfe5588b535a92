package import Interpreter
package import StatesLanguage
package import Store
import Telemetry
import Tracing

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
        let row = row(of: request, at: startedAt)
        let arn = expressARN(of: row, request.machine)
        let running = Task { await self.outcome(of: row, request.machine, interpreter, at: startedAt) }
        let outcome = await running.value
        return ExpressExecution(
            arn: arn,
            name: arn.name,
            startedAt: startedAt,
            stoppedAt: clock.now,
            outcome: outcome
        )
    }

    /// Starts an execution whose end nobody waits for: durable when it returns, and run at least once.
    ///
    /// It runs here, if this process works, else at whoever does.
    package func startExpress(
        _ request: StartRequest
    ) async throws(StoreError) -> (arn: ExpressARN, startedAt: Timestamp) {
        let startedAt = clock.now
        let row = row(of: request, at: startedAt)
        let holder = express?.holder
        try await store.keepExpress(row, of: request.machine.id, at: startedAt, worker: holder)
        if holder != nil { express?.begin(row) } else { notifier.wakeExpress() }
        return (expressARN(of: row, request.machine), startedAt)
    }

    /// Runs one that is kept as a row, to its end.
    ///
    /// - Returns: `false` if this process cannot run it now; another may, or this one later.
    func runKept(_ row: ExpressRow) async -> Bool {
        guard row.lapses < Store.deadlyLapses else {
            logger.error(
                "an Express execution is given up: its worker died each time that it ran",
                [("execution", row.id), ("times", row.lapses)]
            )
            return true
        }
        let machine = await logger.trying("a kept Express execution cannot be run yet") { () throws(StoreError) in
            try await store.findRevision(row.revision)
        }
        guard let machine = machine ?? nil, let interpreter = try? interpreter(of: machine) else {
            logger.error("an Express execution cannot be run here", [("execution", row.id)])
            return false
        }
        _ = await outcome(of: row, machine, interpreter, at: clock.now)
        return true
    }

    private func row(of request: StartRequest, at time: Timestamp) -> ExpressRow {
        var generator = SystemRandomNumberGenerator()
        var row = ExpressRow(
            id: ExecutionID(at: time.microseconds / 1_000, using: &generator),
            revision: request.machine.revisionID,
            name: request.name ?? ExecutionID(at: time.microseconds / 1_000, using: &generator).description,
            input: request.input,
            traceHeader: request.traceHeader,
            version: request.version,
            alias: request.alias
        )
        row.doubles = request.doubles
        return row
    }

    private func expressARN(of row: ExpressRow, _ machine: StateMachineRecord) -> ExpressARN {
        ExpressARN(
            scope: settings.arns.scope,
            stateMachine: machine.name,
            name: row.name ?? row.id.description,
            id: row.id.description
        )
    }

    private func outcome(
        of row: ExpressRow,
        _ machine: StateMachineRecord,
        _ interpreter: Interpreter,
        at startedAt: Timestamp
    ) async -> LocalExecution.Outcome {
        let arn = expressARN(of: row, machine)
        var info = ExecutionInfo(
            id: arn.description,
            name: arn.name,
            input: row.input,
            roleARN: machine.roleARN,
            startTime: startedAt,
            redriveCount: nil,
            stateMachineID: settings.arns.stateMachine(machine.name).description,
            stateMachineName: machine.name
        )
        info.stateMachineVersionID = row.version.map { settings.arns.version($0, of: machine.name).description }
        info.stateMachineAliasID = row.alias.map {
            settings.arns.stateMachine(machine.name, qualifier: $0).description
        }
        info.doubles = row.doubles
        let log = ExecutionLog(configuration: machine.loggingConfiguration)
        let sink = executionLogger
        let ids = SpanIDs(of: row.id, traceHeader: row.traceHeader)
        let traces = traces
        let subject = SpanSubject(
            id: row.id,
            arn: arn.description,
            stateMachineARN: settings.arns.stateMachine(machine.name).description,
            stateMachineName: machine.name,
            traceHeader: row.traceHeader
        )
        var spans = traces.map { _ in SpanAssembler(of: subject) }
        let execution = LocalExecution(of: interpreter.definition, as: info, limits: settings.limits)
        var run = LocalRun(
            of: execution,
            clock: { [clock] in clock.now },
            timeLimit: settings.expressTimeLimit,
            perform: { [driver, clock, traces] request in
                let trace = traces == nil ? ids.given : request.eventID.map { ids.context(from: $0, redrives: 0) }
                return await Self.perform(request, of: arn.description, by: driver, clock, trace)
            },
            report: { entry in
                if let ended = spans?.take([EventOutline(entry)]), !ended.isEmpty, ids.isSampled { traces?.send(ended) }
                guard let record = log.record(of: entry, execution: arn.description) else { return }
                let outline = EventOutline(entry)
                let place = [("execution", arn.description)] + (outline.state.map { [("state", $0)] } ?? [])
                sink.info("execution event", place + record.map { ($0.name, $0.value) })
            }
        )
        return await run.run()
    }

    static func perform(
        _ request: TaskRequest,
        of execution: String,
        by driver: TaskDriver?,
        _ clock: DatabaseClock,
        _ trace: TraceContext? = nil
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
            execution: execution,
            time: request.deadline.map { max(.zero, $0 - now) },
            trace: trace
        )
        switch await driver.perform(attempt) {
        case .succeeded(let result): return .succeeded(result)
        case .failed(let failure): return .failed(failure)
        case .timedOut: return .timedOut(heartbeat: false)
        }
    }
}
