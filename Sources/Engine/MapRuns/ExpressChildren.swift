import Interpreter
import JSON
import Lifecycle
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
    private let outside: Gate
    private let siblings: SiblingRecords
    /// Whether who they are matters to what they do.
    private let areTold: Bool

    /// - Parameters:
    ///   - record: Their run.
    ///   - work: What it does.
    ///   - parts: Where it is seen to.
    ///   - format: How their results are exported, if they are.
    ///   - limit: Told of those that fail.
    ///   - outside: Opened as soon as one needs something from outside.
    init(
        of record: MapRunRecord,
        _ work: MapRunWork,
        in parts: MapRuns,
        exportedAs format: ResultFormat? = nil,
        upTo limit: FailureLimit = FailureLimit(),
        needingWorld outside: Gate = Gate()
    ) {
        self.outside = outside
        self.work = work
        self.parts = parts
        self.format = format
        self.limit = limit
        names = ChildNames(of: record, work, by: parts.settings.arns)
        siblings = names.records
        areTold = work.interpreter.definition.readsContext
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
            var now = parts.clock.now
            for (index, input) in inputs.enumerated() {
                let name = areTold || inVain > 0 ? names.name(ordinal + index) : nil
                if inVain < 3, let outcome = outcome(of: info(name, input, at: now)) {
                    let startedAt = now
                    // The next one begins when this one has ended.
                    now = parts.clock.now
                    results[index] = result(of: input, outcome, from: startedAt, until: now)
                } else {
                    // Nothing was performed yet, so it can begin again.
                    if inVain == 0 { outside.open() }
                    inVain += 1
                    now = parts.clock.now
                    let info = info(name ?? names.name(ordinal + index), input, at: now)
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
            if case .succeeded(let output) = result.outcome {
                all.texts?.add(
                    SucceededChild(
                        name: names.name(ordinal + index),
                        input: result.input,
                        output: output,
                        startedAt: result.startedAt,
                        stoppedAt: result.stoppedAt
                    ),
                    among: siblings
                )
            } else {
                all.texts?.add(result.result(ordinal + index, names))
            }
        }
        return all
    }

    /// Runs one child.
    func run(_ input: ChildInput, at ordinal: Int) async -> ExpressResult {
        await run(info(names.name(ordinal), input, at: parts.clock.now), input)
    }

    /// What an execution is known by; without a name where nothing can ask for it.
    private func info(_ name: String?, _ input: ChildInput, at startedAt: Timestamp) -> ExecutionInfo {
        ExecutionInfo(
            id: name.map(names.arn) ?? "",
            name: name ?? "",
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
        var directive = interpreter.ending(info, from: processor, at: info.startTime, using: &generator)
        // What a failure says may depend on the history.
        directive =
            directive
            ?? interpreter.start(info, from: processor, at: info.startTime, using: &generator).directive
        return switch directive {
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
        let outcome = await run.run()
        return result(of: input, outcome, from: info.startTime, until: parts.clock.now)
    }

    private func result(
        of input: ChildInput,
        _ outcome: LocalExecution.Outcome,
        from startedAt: Timestamp,
        until stoppedAt: Timestamp
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
            stoppedAt: stoppedAt,
            items: input.count
        )
    }
}
