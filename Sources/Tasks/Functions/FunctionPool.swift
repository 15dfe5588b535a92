import HTTPServer
import Telemetry

/// The processes of one function: as many as its concurrency allows, started when needed, and kept.
actor FunctionPool {
    /// How processes get their lives: the supervisor runs them.
    typealias Launch = @Sendable (FunctionProcess) -> Bool

    /// How processes are made; fails where this process has nothing left to make one of.
    typealias Make = @Sendable (SourceStamp?) throws -> FunctionProcess

    nonisolated let function: FunctionDefinition
    private let make: Make
    private nonisolated let places: FunctionPlaces
    private let settings: FunctionSettings
    private let launch: Launch
    private let log: Logger
    private var idle: [FunctionProcess] = []
    private var isEnding = false
    private var deaths = 0
    private var notBefore = ContinuousClock.now
    private var stamp: SourceStamp?
    private var stampIsGoodUntil = ContinuousClock.now

    init(
        function: FunctionDefinition,
        settings: FunctionSettings,
        thread: ServerThread = ServerThread(),
        log: Logger,
        make: Make? = nil,
        launch: @escaping Launch
    ) {
        self.function = function
        places = FunctionPlaces(function.concurrency)
        self.make =
            make
            ?? { stamp in
                try FunctionProcess(function: function, settings: settings, stamp: stamp, on: thread, log: log)
            }
        self.settings = settings
        self.log = log
        self.launch = launch
    }

    /// How many more invocations would begin at once.
    nonisolated var freePlaces: Int { places.free }

    /// Has one of the processes perform an invocation, when one is free.
    func invoke(_ invocation: Invocation) async -> InvocationOutcome {
        await places.use { await perform(invocation) } ?? .cancelled
    }

    private func perform(_ invocation: Invocation) async -> InvocationOutcome {
        await lookForChanges()
        var invocation = invocation
        invocation.timeout = function.timeout
        do {
            while let process = try await process() {
                guard let outcome = await process.invoke(invocation) else { continue }
                await keep(process, after: outcome)
                return outcome
            }
            return .cancelled
        } catch {
            log.error(
                "a function's process cannot start",
                [("function", function.reference.name), ("error", "\(error)")]
            )
            noteDeath()
            return .failure(
                "Runtime.ExitError",
                "RequestId: \(invocation.requestID) Error: the function's process could not start: \(error)"
            )
        }
    }

    /// Ends the idle processes now, and the others after their invocation.
    func end() async {
        isEnding = true
        await retire(idle)
    }

    // MARK: Processes

    /// An idle process, or a new one; `nil` when the task is cancelled or the supervisor ends.
    ///
    /// - Throws: Why none could be made.
    private func process() async throws -> FunctionProcess? {
        while let process = idle.popLast() {
            if process.isAlive { return process }
        }
        let wait = notBefore - .now
        if wait > .zero {
            do { try await Task.sleep(for: wait) } catch { return nil }
        }
        let process = try make(stamp)
        return launch(process) ? process : nil
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
