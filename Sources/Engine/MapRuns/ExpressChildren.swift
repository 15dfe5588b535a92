import Interpreter
import JSON
import ResultWriting
import StatesLanguage
import Store

/// What came of a child that ran in memory, as its run keeps it until its results are gathered.
struct ExpressResult: Sendable {
    var input: JSONText
    var outcome: ChildResult.Outcome
    var startedAt: Timestamp
    var stoppedAt: Timestamp
    /// How many items it was given.
    var items: Int
}

extension ExpressResult {
    var hasSucceeded: Bool {
        if case .succeeded(output: _) = outcome { true } else { false }
    }

    /// As it is kept: an array, in which an input that nobody will ask for is left out.
    func text(withInput: Bool) -> String {
        let times = "\(startedAt.microseconds),\(stoppedAt.microseconds)"
        let given = withInput ? input.text : "null"
        func failure(_ kind: String, _ error: String?, _ cause: String?) -> String {
            let error = error.map { JSONValue.string($0).text } ?? "null"
            let cause = cause.map { JSONValue.string($0).text } ?? "null"
            return "[\"\(kind)\",\(times),\(given),\(error),\(cause)]"
        }
        return switch outcome {
        case .succeeded(let output): "[\"S\",\(times),\(given),\(output.text)]"
        case .failed(let error, let cause): failure("F", error, cause)
        case .timedOut(let error, let cause): failure("T", error, cause)
        case .aborted(let error, let cause): failure("A", error, cause)
        case .pending: failure("A", nil, nil)
        }
    }

    init?(_ value: JSONValue) {
        guard let fields = value.array, fields.count >= 5, let kind = fields[0].string, let started = fields[1].int,
            let stopped = fields[2].int
        else { return nil }
        startedAt = Timestamp(microseconds: Int64(started))
        stoppedAt = Timestamp(microseconds: Int64(stopped))
        input = JSONText(fields[3])
        items = 1
        let cause = fields.count > 5 ? fields[5].string : nil
        switch kind {
        case "S": outcome = .succeeded(output: JSONText(fields[4]))
        case "T": outcome = .timedOut(error: fields[4].string, cause: cause)
        case "A": outcome = .aborted(error: fields[4].string, cause: cause)
        default: outcome = .failed(error: fields[4].string, cause: cause)
        }
    }
}

extension MapRunCounts {
    mutating func count(_ result: ExpressResult) {
        switch result.outcome {
        case .succeeded:
            executions.succeeded += 1
            items.succeeded += result.items
        case .failed:
            executions.failed += 1
            items.failed += result.items
        case .timedOut:
            executions.timedOut += 1
            items.timedOut += result.items
        case .aborted, .pending:
            executions.aborted += 1
            items.aborted += result.items
        }
    }
}

extension MapRunWork {
    /// The ARN of a child that runs in memory.
    func expressARN(_ name: String, by arns: ARNs) -> ExpressARN {
        ExpressARN(scope: arns.scope, stateMachine: machineName, name: name, id: request.id)
    }
}

/// Runs children in memory: at least once each, in this process, which performs their Tasks.
struct ExpressChildren: Sendable {
    let work: MapRunWork
    let record: MapRunRecord
    let parts: MapRuns

    /// Runs some children, all at once, and returns what came of each, in order.
    ///
    /// One that needs nothing from outside is over at once; only others take a task of their own.
    func run(_ inputs: [ChildInput], from ordinal: Int) async -> [ExpressResult] {
        var results = [ExpressResult?](repeating: nil, count: inputs.count)
        await withTaskGroup(of: (Int, ExpressResult).self) { group in
            for (index, input) in inputs.enumerated() {
                let name = record.id.child(ordinal + index, began: record.startedAt.microseconds / 1_000).description
                let startedAt = parts.clock.now
                let execution = execution(named: name, input, at: startedAt)
                var trial = execution
                var generator = SystemRandomNumberGenerator()
                _ = trial.start(at: startedAt, using: &generator)
                if let outcome = trial.outcome {
                    results[index] = result(of: input, outcome, from: startedAt)
                } else {
                    // Nothing was performed yet, so it can begin again.
                    group.addTask { (index, await run(execution, named: name, input, at: startedAt)) }
                }
            }
            for await (index, result) in group { results[index] = result }
        }
        return results.compactMap(\.self)
    }

    private func execution(named name: String, _ input: ChildInput, at startedAt: Timestamp) -> LocalExecution {
        let arns = parts.settings.arns
        let info = ExecutionInfo(
            id: work.expressARN(name, by: arns).description,
            name: name,
            input: input.input,
            roleARN: work.execution.roleARN,
            startTime: startedAt,
            redriveCount: nil,
            stateMachineID: arns.stateMachine(work.machineName).description,
            stateMachineName: work.machineName
        )
        return LocalExecution(
            of: work.interpreter.definition,
            as: info,
            from: work.map?.processor,
            limits: parts.settings.limits
        )
    }

    private func run(
        _ execution: LocalExecution,
        named name: String,
        _ input: ChildInput,
        at startedAt: Timestamp
    ) async -> ExpressResult {
        let arn = work.expressARN(name, by: parts.settings.arns)
        var run = LocalRun(
            of: execution,
            clock: { [clock = parts.clock] in clock.now },
            timeLimit: parts.settings.expressTimeLimit,
            perform: { [parts] request in
                await Engine.perform(request, of: arn, by: parts.driver, parts.clock)
            }
        )
        return result(of: input, await run.run(), from: startedAt)
    }

    private func result(
        of input: ChildInput,
        _ outcome: LocalExecution.Outcome,
        from startedAt: Timestamp
    ) -> ExpressResult {
        let told: ChildResult.Outcome =
            switch outcome {
            case .succeeded(let output): .succeeded(output: output)
            case .failed(let failure): .failed(error: failure.error, cause: failure.cause)
            case .timedOut: .timedOut(error: ErrorName.timeout, cause: nil)
            case .aborted(let failure): .aborted(error: failure.error, cause: failure.cause)
            }
        return ExpressResult(
            input: input.input,
            outcome: told,
            startedAt: startedAt,
            stoppedAt: parts.clock.now,
            items: input.count
        )
    }
}
