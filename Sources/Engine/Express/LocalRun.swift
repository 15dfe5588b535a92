package import Interpreter
import JSON
import Lifecycle
package import StatesLanguage

/// Runs one execution to its end in this process, without durability.
///
/// Time is the clock's, moved forward over what is skipped: with `skipsWaits`, whenever nothing is being performed, it is at
/// once the time of the next wake-up.
package struct LocalRun {
    /// Performs one attempt of a Task; its task is cancelled when nobody wants the answer any more.
    package typealias Performer = @Sendable (TaskRequest) async -> Happening

    private enum Event: Sendable {
        case done(LocalExecution.Point, Happening)
        case wakeUp
    }

    private let perform: Performer
    /// Waits for what ends an attempt from outside; where there is none, such an attempt fails.
    private let awaitEnd: Performer?
    private let clock: @Sendable () -> Timestamp
    private let timeLimit: Duration?
    private let skipsWaits: Bool
    private var execution: LocalExecution
    private var generator = SystemRandomNumberGenerator()
    /// Where events go; `nil` as long as there is nothing to be waited for but one attempt.
    private var send: AsyncStream<Event>.Continuation?
    private var skipped = Duration.zero
    private var performing: [LocalExecution.Point: Task<Void, Never>] = [:]
    private var sleeping: [LocalExecution.Point: Timestamp] = [:]
    private var deadlines: [LocalExecution.Point: Timestamp] = [:]
    private var timer: Timers.Timer?
    /// Told of each event as it is written.
    private let report: (LocalExecution.Entry) -> Void

    /// - Parameters:
    ///   - execution: Not yet started.
    ///   - clock: The time.
    ///   - timeLimit: How long it may take, if its definition does not bound it more; `nil` is for ever.
    ///   - skipsWaits: Whether time is moved forward instead of waited for.
    ///   - perform: Performs an attempt.
    ///   - awaitEnd: Waits for what ends an attempt from outside; without it such an attempt fails.
    ///   - report: Told of each event as it is written.
    package init(
        of execution: LocalExecution,
        clock: @escaping @Sendable () -> Timestamp,
        timeLimit: Duration? = nil,
        skipsWaits: Bool = false,
        perform: @escaping Performer,
        awaitEnd: Performer? = nil,
        report: @escaping (LocalExecution.Entry) -> Void = { _ in }
    ) {
        self.execution = execution
        self.execution.transitionsAtOnce = 100
        self.clock = clock
        self.timeLimit = timeLimit
        self.skipsWaits = skipsWaits
        self.perform = perform
        self.awaitEnd = awaitEnd
        self.report = report
    }

    private var now: Timestamp { clock() + skipped }

    /// When the execution times out as a whole.
    private var deadline: Timestamp? {
        let limit = timeLimit.map { execution.execution.startTime + $0 }
        guard let own = execution.deadline else { return limit }
        return limit.map { min($0, own) } ?? own
    }

    /// Returns how it ended; as aborted, with neither error nor cause, if the task that runs it was cancelled.
    package mutating func run() async -> LocalExecution.Outcome {
        var actions = execution.start(at: now, using: &generator)
        while let attempt = only(actions), !Task.isCancelled {
            let happening = await happening(to: attempt.request)
            if Task.isCancelled { break }
            if let happening {
                actions = execution.resume(attempt.point, with: happening, at: now, using: &generator)
            } else {
                actions = execution.timeOut(at: now)
            }
        }
        if execution.outcome != nil { tell() }
        if let outcome = execution.outcome { return outcome }
        if Task.isCancelled { return .aborted(Failure(error: nil, cause: nil)) }
        let (events, send) = AsyncStream.makeStream(of: Event.self)
        self.send = send
        carryOut(actions)
        await goOn()
        if execution.outcome == nil {
            for await event in events {
                switch event {
                case .done(let point, let happening): resume(point, with: happening)
                case .wakeUp: break
                }
                wakeUp()
                await goOn()
                if execution.outcome != nil { break }
            }
        }
        if let timer { Timers.shared.cancel(timer) }
        let left = performing.values
        for task in left { task.cancel() }
        for task in left { await task.value }
        return execution.outcome ?? .aborted(Failure(error: nil, cause: nil))
    }

    /// The attempt, where it is all that there is to be waited for: nothing but its end, its deadline and a cancellation can
    /// come then, and no stream of events is needed.
    private func only(_ actions: [LocalExecution.Action]) -> (request: TaskRequest, point: LocalExecution.Point)? {
        guard actions.count == 1, case .perform(let request, let point) = actions[0], execution.readyCount == 0,
            execution.openCount == 1
        else { return nil }
        return (request, point)
    }

    /// Performs it; `nil` where the execution itself is out of time before.
    private mutating func happening(to request: TaskRequest) async -> Happening? {
        tell()
        let isLastDeadline = deadline.map { deadline in request.deadline.map { deadline <= $0 } ?? true } ?? false
        guard let limit = isLastDeadline ? deadline : request.deadline else { return await perform(request) }
        let race = Race<Happening?>()
        // Many are over before anything has to be waited for.
        let attempt = Task.immediate { [perform] in race.end(with: await perform(request)) }
        if let happening = race.ended { return happening }
        let timer = Timers.shared.set(after: limit - now) { race.end(with: nil) }
        let happening = await withTaskCancellationHandler {
            await race.outcome()
        } onCancel: {
            attempt.cancel()
        }
        Timers.shared.cancel(timer)
        if let happening { return happening }
        attempt.cancel()
        return isLastDeadline ? nil : .timedOut(heartbeat: false)
    }

    /// Takes on what need not wait, in turns: others of this process come in between, and so do deadlines and a cancellation.
    private mutating func goOn() async {
        while execution.outcome == nil, execution.readyCount > 0, !Task.isCancelled {
            await Task.yield()
            carryOut(execution.proceed(at: now, using: &generator))
            wakeUp()
        }
    }

    private mutating func resume(_ point: LocalExecution.Point, with happening: Happening) {
        forget(point)
        carryOut(execution.resume(point, with: happening, at: now, using: &generator))
    }

    private mutating func forget(_ point: LocalExecution.Point) {
        performing.removeValue(forKey: point)?.cancel()
        sleeping[point] = nil
        deadlines[point] = nil
    }

    private mutating func tell() {
        for entry in execution.history { report(entry) }
        execution.forgetHistory()
    }

    private mutating func carryOut(_ actions: [LocalExecution.Action]) {
        tell()
        for action in actions {
            switch action {
            case .perform(let request, let point):
                let (perform, send) = (perform, send)
                performing[point] = Task { send?.yield(.done(point, await perform(request))) }
                deadlines[point] = request.deadline
            case .await(let request, let point):
                if let awaitEnd {
                    let send = send
                    performing[point] = Task { send?.yield(.done(point, await awaitEnd(request))) }
                    deadlines[point] = request.deadline
                    continue
                }
                let cause =
                    "\(request.resource.text) waits for a callback, which only durable executions take"
                send?.yield(.done(point, .failed(Failure(error: "States.TaskFailed", cause: cause))))
            case .sleep(let until, let point): sleeping[point] = until
            case .cancel(let point): forget(point)
            case .end: send?.finish()
            }
        }
        setTimer()
    }

    /// Takes on whatever is due.
    private mutating func wakeUp() {
        guard execution.outcome == nil else { return }
        let now = now
        if let deadline, deadline <= now { return carryOut(execution.timeOut(at: now)) }
        for (point, time) in sleeping.sorted(by: { $0.value < $1.value }) where time <= now {
            resume(point, with: .begin)
        }
        for (point, time) in deadlines.sorted(by: { $0.value < $1.value }) where time <= now {
            resume(point, with: .timedOut(heartbeat: false))
        }
        setTimer()
    }

    private mutating func setTimer() {
        if let timer { Timers.shared.cancel(timer) }
        timer = nil
        guard execution.outcome == nil else { return }
        let times = Array(sleeping.values) + Array(deadlines.values) + (deadline.map { [$0] } ?? [])
        guard let next = times.min() else { return }
        if skipsWaits, performing.isEmpty, execution.readyCount == 0, next > now { skipped += next - now }
        timer = Timers.shared.set(after: next - now) { [send] in send?.yield(.wakeUp) }
    }
}
