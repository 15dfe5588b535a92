import Engine
import Glibc
import HTTPServer
import Lifecycle
import Synchronization
import Telemetry

/// One process of a function, from its start to its end, with its side of the Runtime API.
final class FunctionProcess: Sendable {
    private enum Reason { case timedOut(seconds: Double), cancelled, retired }

    private struct State {
        var child: ChildProcess?
        var reason: Reason?
        var isRunning = false
        var isOver = false
        /// Goes up when an invocation begins, and when it ends.
        var turn = 0
    }

    /// The sources that it was started from.
    let stamp: SourceStamp?
    private let function: FunctionDefinition
    private let settings: FunctionSettings
    private let api: RuntimeAPI
    private let state = Mutex(State())
    private let over = Gate()
    private let lines: FunctionLog

    init(
        function: FunctionDefinition,
        settings: FunctionSettings,
        stamp: SourceStamp?,
        on thread: ServerThread,
        log: Logger
    ) throws {
        self.function = function
        self.settings = settings
        self.stamp = stamp
        lines = FunctionLog(of: function.reference.name, to: log)
        api = try RuntimeAPI(settings: settings, on: thread)
    }

    /// Whether it may be given an invocation.
    var isAlive: Bool { state.withLock { !$0.isOver && $0.reason == nil } }

    /// Whether it has asked for an invocation, ever.
    var hasStarted: Bool { api.desk.ready.isOpen }

    /// Starts the program and returns when it has ended.
    func run(_ bootstraps: Bootstraps, _ processGuard: ProcessGuard, inherited: [String: String], log: Logger) async {
        state.withLock { $0.isRunning = true }
        let name = function.reference.name
        let variables = FunctionEnvironment.variables(
            of: function,
            runtimeAPI: api.address,
            bootstraps: bootstraps.folder,
            settings: settings,
            inherited: inherited
        )
        await withDiscardingTaskGroup { group in
            group.addTask { [api] in try? await api.run() }
            do {
                let child = try ChildProcess(
                    arguments: bootstraps.command(for: function.implementation),
                    environment: variables,
                    directory: function.directory,
                    processGuard: processGuard
                ) { [lines] line in lines.write(line) }
                log.debug("a function's process started", [("function", name), ("process", Int(child.pid))])
                keep(child)
                let status = await child.end()
                end(status: status, log)
            } catch {
                log.error("a function's process cannot start", [("function", name), ("error", "\(error)")])
                state.withLock { $0.isOver = true }
                api.desk.end { .failure("Runtime.InvalidEntrypoint", "RequestId: \($0) Error: \(error)") }
            }
            api.stop()
        }
        over.open()
    }

    /// Has it perform an invocation; cancelling the task ends the process, and so does the function's timeout.
    ///
    /// - Returns: The outcome; `nil` when the process was gone before it had begun, so that another may be asked.
    func invoke(_ invocation: Invocation) async -> InvocationOutcome? {
        lines.begin(invocation.origin)
        let turn = state.withLock { state in
            state.turn += 1
            return state.turn
        }
        defer { state.withLock { $0.turn += 1 } }
        return await withTaskCancellationHandler {
            guard hasStarted else { return await performFirst(invocation, turn) }
            let timer = Timers.shared.set(after: function.timeout) { [self] in timeOut(turn) }
            defer { Timers.shared.cancel(timer) }
            return await api.desk.perform(invocation)
        } onCancel: {
            kill(.cancelled)
        }
    }

    /// Ends it, gently at first.
    func retire() async {
        let child = state.withLock { state in
            if state.reason == nil { state.reason = .retired }
            return state.child
        }
        child?.kill(SIGTERM)
        await withTaskGroup { group in
            group.addTask { [over] in try? await over.wait() }
            group.addTask { try? await Task.sleep(for: .milliseconds(500)) }
            await group.next()
            group.cancelAll()
        }
        child?.kill()
    }

    /// Performs an invocation in a process that may still be starting, whose time begins when it has started.
    private func performFirst(_ invocation: Invocation, _ turn: Int) async -> InvocationOutcome? {
        await withTaskGroup(of: InvocationOutcome??.self) { group in
            group.addTask { [api] in .some(await api.desk.perform(invocation)) }
            group.addTask { [self] in
                await watch(turn)
                return .none
            }
            var outcome: InvocationOutcome?
            for await result in group {
                guard let result else { continue }
                outcome = result
                group.cancelAll()
            }
            return outcome
        }
    }

    /// Ends the process when it takes too long to start, or to answer.
    private func watch(_ turn: Int) async {
        await withTaskGroup { group in
            group.addTask { [api] in try? await api.desk.ready.wait() }
            group.addTask { [self] in
                guard !hasStarted else { return }
                do { try await Task.sleep(for: settings.initLimit + function.timeout) } catch { return }
                timeOut(turn)
            }
            await group.next()
            group.cancelAll()
        }
        do { try await Task.sleep(for: function.timeout) } catch { return }
        timeOut(turn)
    }

    /// Ends it at once.
    func cancel() { kill(.cancelled) }

    /// Ends it for an invocation that it is still at: an alarm may come late, and the next one has a time of its own.
    private func timeOut(_ turn: Int) {
        kill(.timedOut(seconds: function.timeoutSeconds)) { $0.turn == turn }
    }

    private func kill(_ reason: Reason, if isDue: (State) -> Bool = { _ in true }) {
        let (child, isRunning) = state.withLock { state in
            guard isDue(state) else { return (nil as ChildProcess?, true) }
            if state.reason == nil { state.reason = reason }
            return (state.child, state.isRunning)
        }
        child?.kill()
        if !isRunning { api.desk.end { _ in .cancelled } }
    }

    private func keep(_ child: ChildProcess) {
        let isUnwanted = state.withLock { state in
            state.child = child
            return state.reason != nil
        }
        if isUnwanted { child.kill() }
    }

    private func end(status: Int32, _ log: Logger) {
        let reason = state.withLock { state in
            state.isOver = true
            return state.reason
        }
        switch reason {
        case .timedOut(let seconds):
            let time = seconds.twoDecimals
            log.warning(
                "a function timed out, its process was ended",
                [("function", function.reference.name), ("seconds", time)]
            )
            api.desk.end {
                .failure("Sandbox.Timedout", "RequestId: \($0) Error: Task timed out after \(time) seconds")
            }
        case .cancelled, .retired:
            api.desk.end { _ in .cancelled }
        case nil:
            let how = text(status: status)
            api.desk.end { .failure("Runtime.ExitError", "RequestId: \($0) Error: \(how)") }
            log.warning("a function's process ended", [("function", function.reference.name), ("how", how)])
        }
    }

    /// Lambda's words for the end of a runtime.
    private func text(status: Int32) -> String {
        switch status {
        // What a shell says of a program that is not there; the program may be one, and have said so itself.
        case 127: "Runtime exited with error: exit status 127: '\(function.program)', or what it calls, was not found"
        case 0: "Runtime exited without providing a reason"
        case ..<0: "Runtime exited with error: signal: \(unsafe String(cString: strsignal(-status)).lowercased())"
        default: "Runtime exited with error: exit status \(status)"
        }
    }
}
