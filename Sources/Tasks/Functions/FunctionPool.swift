import Synchronization
import Telemetry

/// The processes of one function: as many as its concurrency allows, started when needed, and kept.
actor FunctionPool {
    /// How processes get their lives: the supervisor runs them.
    typealias Launch = @Sendable (FunctionProcess) -> Bool

    nonisolated let function: FunctionDefinition
    private nonisolated let taken = Atomic(0)
    private let settings: FunctionSettings
    private let launch: Launch
    private let log: Logger
    private var idle: [FunctionProcess] = []
    private var isEnding = false
    private var waiting: [(id: Int, continuation: CheckedContinuation<Void, Never>)] = []
    private var given: Set<Int> = []
    private var lastID = 0
    private var inUse = 0
    private var deaths = 0
    private var notBefore = ContinuousClock.now
    private var stamp: SourceStamp?
    private var stampIsGoodUntil = ContinuousClock.now

    init(function: FunctionDefinition, settings: FunctionSettings, log: Logger, launch: @escaping Launch) {
        self.function = function
        self.settings = settings
        self.log = log
        self.launch = launch
    }

    /// How many more invocations would begin at once.
    nonisolated var freePlaces: Int { max(0, function.concurrency - taken.load(ordering: .relaxed)) }

    /// Has one of the processes perform an invocation, when one is free.
    func invoke(_ invocation: Invocation) async -> InvocationOutcome {
        taken.add(1, ordering: .relaxed)
        defer { taken.subtract(1, ordering: .relaxed) }
        guard await takePlace() else { return .cancelled }
        defer { givePlace() }
        await lookForChanges()
        var invocation = invocation
        invocation.timeout = function.timeout
        while let process = await process() {
            guard let outcome = await process.invoke(invocation) else { continue }
            await keep(process, after: outcome)
            return outcome
        }
        return .cancelled
    }

    /// Ends the idle processes now, and the others after their invocation.
    func end() async {
        isEnding = true
        await retire(idle)
    }

    // MARK: Places

    private func takePlace() async -> Bool {
        guard inUse >= function.concurrency else {
            inUse += 1
            return !Task.isCancelled || releaseUnused()
        }
        lastID += 1
        let id = lastID
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                waiting.append((id, continuation))
                if Task.isCancelled { giveUp(id) }
            }
        } onCancel: {
            Task { await self.giveUp(id) }
        }
        // A place is handed on by whoever gives it up, and is this one's even if it was cancelled meanwhile.
        guard given.remove(id) != nil else { return false }
        return !Task.isCancelled || releaseUnused()
    }

    private func givePlace() {
        inUse -= 1
        guard !waiting.isEmpty else { return }
        let next = waiting.removeFirst()
        inUse += 1
        given.insert(next.id)
        next.continuation.resume()
    }

    private func releaseUnused() -> Bool {
        givePlace()
        return false
    }

    private func giveUp(_ id: Int) {
        guard let index = waiting.firstIndex(where: { $0.id == id }) else { return }
        waiting.remove(at: index).continuation.resume()
    }

    // MARK: Processes

    /// An idle process, or a new one; `nil` when the task is cancelled or the supervisor ends.
    private func process() async -> FunctionProcess? {
        while let process = idle.popLast() {
            if process.isAlive { return process }
        }
        let wait = notBefore - .now
        if wait > .zero {
            do { try await Task.sleep(for: wait) } catch { return nil }
        }
        do {
            let process = try FunctionProcess(function: function, settings: settings, stamp: stamp)
            return launch(process) ? process : nil
        } catch {
            log.error(
                "a function's process cannot start",
                [("function", function.reference.name), ("error", "\(error)")]
            )
            noteDeath()
            return nil
        }
    }

    private func keep(_ process: FunctionProcess, after outcome: InvocationOutcome) async {
        switch outcome {
        case .cancelled: break
        // Lambda, too, starts anew after these.
        case .failure("Sandbox.Timedout", _): break
        default: if process.hasStarted && process.isAlive { deaths = 0 } else { noteDeath() }
        }
        guard process.isAlive else { return }
        if isEnding { await process.retire() } else { idle.append(process) }
    }

    /// Doubles the wait before the next start with each death in a row, from a tenth of a second on.
    private func noteDeath() {
        deaths += 1
        let wait = min(.milliseconds(100) * (1 << min(deaths - 1, 10)), settings.maxBackoff)
        notBefore = .now + wait
        if deaths > 1 {
            log.warning(
                "a function's processes keep ending",
                [("function", function.reference.name), ("times", deaths), ("wait", "\(wait)")]
            )
        }
    }

    // MARK: Changes

    /// Replaces idle processes whose sources have changed since they started.
    private func lookForChanges() async {
        guard settings.reloadsOnChange else { return }
        let start = ContinuousClock.now
        if start >= stampIsGoodUntil {
            let function = function
            let new = SourceStamp(of: function)
            // Looking may not cost more than a tenth of the time.
            stampIsGoodUntil = .now + (.now - start) * 10
            if let stamp, new != stamp {
                log.info("a function's files have changed, starting it anew", [("function", function.reference.name)])
                deaths = 0
                notBefore = .now
            }
            stamp = new
        }
        await retire(idle.filter { $0.stamp != stamp })
    }

    private func retire(_ processes: [FunctionProcess]) async {
        guard !processes.isEmpty else { return }
        idle.removeAll { process in processes.contains { $0 === process } }
        await withDiscardingTaskGroup { group in
            for process in processes { group.addTask { await process.retire() } }
        }
    }
}
