import Interpreter
import JSON
import ResultWriting
import StatesLanguage
import Store

/// Runs children in memory: at least once each, in this process, which performs their Tasks.
struct ExpressChildren: Sendable {
    private let work: MapRunWork
    private let names: ChildNames
    private let parts: MapRuns
    private let interpreter: Interpreter
    /// What they run.
    private let processor: StateGraph?
    /// Whether the inputs of those that succeed are wanted when the results are gathered.
    private let keepsInputs: Bool
    /// How their results are exported, if they are.
    private let format: ResultFormat?
    private let limit: FailureLimit

    /// - Parameters:
    ///   - record: Their run.
    ///   - work: What it does.
    ///   - parts: Where it is seen to.
    ///   - format: How their results are exported, if they are.
    ///   - limit: Told of those that fail.
    init(
        of record: MapRunRecord,
        _ work: MapRunWork,
        in parts: MapRuns,
        exportedAs format: ResultFormat? = nil,
        upTo limit: FailureLimit = FailureLimit()
    ) {
        self.work = work
        self.parts = parts
        self.format = format
        self.limit = limit
        names = ChildNames(of: record, work, by: parts.settings.arns)
        processor = work.map?.processor
        interpreter = Interpreter(definition: work.interpreter.definition, limits: parts.settings.limits)
        keepsInputs = work.map?.resultWriter?.transformation == ResultExport.Transformation.none
    }

    /// Runs some children, all at once, and returns what came of them, in order.
    ///
    /// One that needs nothing from outside is over at once; only others take a task of their own.
    func run(_ inputs: [ChildInput], from ordinal: Int) async -> ExpressResults {
        let began = ContinuousClock.now
        var results = [ExpressResult?](repeating: nil, count: inputs.count)
        await withTaskGroup(of: (Int, ExpressResult).self) { group in
            // Siblings are alike: where some need the world, the others are not tried without it.
            var inVain = 0
            for (index, input) in inputs.enumerated() {
                let startedAt = parts.clock.now
                let info = info(names.name(ordinal + index), input, at: startedAt)
                if inVain < 3, let outcome = outcome(of: info) {
                    results[index] = result(of: input, outcome, from: startedAt)
                } else {
                    // Nothing was performed yet, so it can begin again.
                    inVain += 1
                    group.addImmediateTask { (index, await run(info, input)) }
                }
            }
            for await (index, result) in group {
                results[index] = result
                if result.countsAsFailed { limit.countFailed(result.items) }
            }
        }
        var all = ExpressResults(children: inputs.count)
        all.time = ContinuousClock.now - began
        all.texts = format.map { ResultTexts($0, expecting: inputs.count) }
        all.kept.reserveCapacity(inputs.reduce(0) { $0 + 2 * $1.input.byteCount + 64 })
        for case (let index, let result?) in results.enumerated() {
            all.counts.count(result)
            if index > 0 { all.kept.append(UInt8(ascii: ",")) }
            result.append(to: &all.kept, withInput: keepsInputs || !result.hasSucceeded)
            all.texts?.add(result.result(ordinal + index, names))
        }
        return all
    }

    /// Runs one child.
    func run(_ input: ChildInput, at ordinal: Int) async -> ExpressResult {
        await run(info(names.name(ordinal), input, at: parts.clock.now), input)
    }

    private func info(_ name: String, _ input: ChildInput, at startedAt: Timestamp) -> ExecutionInfo {
        ExecutionInfo(
            id: names.arn(name),
            name: name,
            input: input.input,
            roleARN: work.execution.roleARN,
            startTime: startedAt,
            redriveCount: nil,
            stateMachineID: names.stateMachineARN,
            stateMachineName: names.stateMachineName
        )
    }

    /// How an execution ends that needs nothing from outside; `nil` where it does.
    private func outcome(of info: ExecutionInfo) -> LocalExecution.Outcome? {
        var generator = SystemRandomNumberGenerator()
        let transition = interpreter.start(info, from: processor, at: info.startTime, using: &generator)
        return switch transition.directive {
        case .complete(let output): .succeeded(output)
        case .fail(let failure): .failed(failure)
        default: nil
        }
    }

    private func run(_ info: ExecutionInfo, _ input: ChildInput) async -> ExpressResult {
        var run = LocalRun(
            of: LocalExecution(
                of: interpreter.definition,
                as: info,
                from: processor,
                limits: interpreter.limits
            ),
            clock: { [clock = parts.clock] in clock.now },
            timeLimit: parts.settings.expressTimeLimit,
            perform: { [parts] request in
                await Engine.perform(request, of: info.id, by: parts.driver, parts.clock)
            }
        )
        return result(of: input, await run.run(), from: info.startTime)
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
