package import Interpreter
package import JSON
import Lifecycle
package import StatesLanguage
import Store
import Synchronization
import Telemetry

/// What an activity worker is given.
package struct ActivityTask: Sendable {
    package let token: String
    package let input: JSONText
}

/// Serves those who poll for activities' tasks, any number of one activity by one statement.
///
/// A task is offered in its activity's lane. Whoever's start of it is committed has it; a poll that comes too late looks on
/// (DESIGN §7).
package final class ActivityPolls: Runnable {
    private struct Poll {
        let number: Int
        let workerName: String?
        let continuation: CheckedContinuation<ActivityTask?, Never>
    }

    private struct State {
        var polls: [String: [Poll]] = [:]
        var nextNumber = 0
        /// Polls that were given up before they waited.
        var gaveUp: Set<Int> = []
        /// Lanes that are being looked into, and those to be looked into once more.
        var serving: Set<String> = []
        var again: Set<String> = []
        var isStopping = false

        mutating func remove(_ lane: String, at index: Int) -> Poll? {
            let poll = polls[lane]?.remove(at: index)
            if polls[lane]?.isEmpty == true { polls[lane] = nil }
            return poll
        }
    }

    private let store: Store
    private let settings: EngineSettings
    private let queue: CommitQueue
    private let clock: DatabaseClock
    private let logger: Logger
    private let interpreter: @Sendable (RevisionID) async -> Interpreter?
    private let state = Mutex(State())
    private let (lanes, signal) = AsyncStream.makeStream(of: String.self)

    init(
        store: Store,
        settings: EngineSettings,
        queue: CommitQueue,
        clock: DatabaseClock,
        logger: Logger,
        interpreter: @escaping @Sendable (RevisionID) async -> Interpreter?
    ) {
        self.store = store
        self.settings = settings
        self.queue = queue
        self.clock = clock
        self.logger = logger
        self.interpreter = interpreter
    }

    package func run() async throws {
        await withDiscardingTaskGroup { group in
            for await lane in lanes where begins(lane) { group.addTask { await self.serve(lane) } }
        }
    }

    /// Lets everybody who polls go without a task.
    package func stop() async {
        signal.finish()
        let left = state.withLock { state in
            defer { state.polls = [:] }
            state.isStopping = true
            return state.polls.values.joined().map(\.continuation)
        }
        for continuation in left { continuation.resume(returning: nil) }
    }

    /// Waits for a task of an activity, for at most `time`; `nil` when none came, or the caller is cancelled.
    ///
    /// There may be tens of thousands who wait: each costs its caller's task and an alarm, no tasks of its own.
    package func poll(_ lane: String, workerName: String?, atMost time: Duration) async -> ActivityTask? {
        let number = state.withLock { state in
            state.nextNumber += 1
            return state.nextNumber
        }
        let task = await wait(for: lane, number, workerName, atMost: time)
        state.withLock { _ = $0.gaveUp.remove(number) }
        return task
    }

    /// Says that lanes may have tasks; `nil`: any.
    package func wake(_ lanes: Set<String>?) {
        let polled = state.withLock { Array($0.polls.keys) }
        for lane in polled where lanes?.contains(lane) ?? true { signal.yield(lane) }
    }

    /// When the clocks of an attempt run out whose start, or submission, is committed now.
    package static func until(_ branch: Branch, at now: Timestamp) -> Timestamp? {
        let beat = branch.heartbeat.map { now + $0 }
        guard let deadline = branch.deadline else { return beat }
        return beat.map { min($0, deadline) } ?? deadline
    }

    // MARK: Who polls

    private func wait(
        for lane: String,
        _ number: Int,
        _ workerName: String?,
        atMost time: Duration
    ) async -> ActivityTask? {
        await withTaskCancellationHandler {
            var timer: Timers.Timer?
            let task = await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    guard !state.isStopping, !state.gaveUp.contains(number) else { return true }
                    let poll = Poll(number: number, workerName: workerName, continuation: continuation)
                    state.polls[lane, default: []].append(poll)
                    return false
                }
                if isOver { return continuation.resume(returning: nil) }
                timer = Timers.shared.set(after: time) { self.endPoll(lane, number) }
                signal.yield(lane)
            }
            if let timer { Timers.shared.cancel(timer) }
            return task
        } onCancel: {
            endPoll(lane, number, isCancelled: true)
        }
    }

    /// Lets one who waits go without a task; one who was cancelled before does not wait at all.
    private func endPoll(_ lane: String, _ number: Int, isCancelled: Bool = false) {
        let poll = state.withLock { state -> Poll? in
            guard let index = state.polls[lane]?.firstIndex(where: { $0.number == number }) else {
                if isCancelled { state.gaveUp.insert(number) }
                return nil
            }
            return state.remove(lane, at: index)
        }
        poll?.continuation.resume(returning: nil)
    }

    // MARK: What is offered

    /// Whether somebody polls for a lane that nobody is looking into.
    private func begins(_ lane: String) -> Bool {
        state.withLock { state in
            guard state.polls[lane] != nil else { return false }
            if state.serving.insert(lane).inserted { return true }
            state.again.insert(lane)
            return false
        }
    }

    private func serve(_ lane: String) async {
        while true {
            await giveOut(lane)
            let isOver = state.withLock { state in
                guard state.again.remove(lane) == nil else { return false }
                state.serving.remove(lane)
                return true
            }
            if isOver { return }
        }
    }

    /// Gives out what is offered in a lane, for as long as somebody polls for it.
    private func giveOut(_ lane: String) async {
        while case let polls = state.withLock({ Array($0.polls[lane, default: []].prefix(100)) }), !polls.isEmpty {
            do {
                let offered = try await store.offeredActivities(in: lane, limit: polls.count)
                guard !offered.isEmpty else { return }
                // All at once: the queue commits them together.
                let given = await withTaskGroup { group in
                    for (one, poll) in zip(offered, polls) {
                        group.addTask { await self.give(one, to: poll, in: lane) }
                    }
                    return await group.reduce(0) { $1 ? $0 + 1 : $0 }
                }
                // What cannot be given now is looked for again when the lane wakes, or a second later.
                guard given > 0 else { return }
            } catch {
                logger.debug("activities' tasks are not read", [("reason", "\(error)")])
                return
            }
        }
    }

    /// Gives what is offered to one who polls; false if it could not be given.
    private func give(_ offered: LeasedBranch, to poll: Poll, in lane: String) async -> Bool {
        guard let interpreter = await interpreter(offered.revision) else { return false }
        let info = settings.info(of: offered.execution)
        let now = clock.now
        guard let token = offered.branch.taskToken,
            let transition = interpreter.activityStarted(offered.branch, of: info, by: poll.workerName, at: now),
            case .await(let request) = transition.directive
        else { return false }
        let submission = ActivitySubmission(
            key: offered.key,
            parent: offered.parent,
            lane: lane,
            number: offered.number,
            transition: transition,
            until: Self.until(transition.branch, at: now),
            at: now
        )
        guard case .answer(.committed) = await queue.submit(.activity(submission)) else { return false }
        // Its poll may have given up meanwhile: then another has the task, and else it times out as one that was lost.
        let taker = state.withLock { state -> Poll? in
            let own = state.polls[lane]?.firstIndex { $0.number == poll.number }
            guard let index = own ?? state.polls[lane]?.indices.first else { return nil }
            return state.remove(lane, at: index)
        }
        taker?.continuation.resume(returning: ActivityTask(token: token, input: request.input))
        return true
    }
}

extension Resource {
    /// Whether an attempt that awaits is an activity's that nobody has taken yet.
    func isOffered(_ branch: Branch) -> Bool { eventKind == .activity && branch.deadline == nil }

    /// Who can begin an attempt: who serves its lane; an activity's anyone.
    package var laneToBegin: String { eventKind == .activity ? "" : lane }
}
