package import Interpreter
package import JSON
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
package actor ActivityPolls {
    private struct Poll {
        let number: Int
        let workerName: String?
        let continuation: CheckedContinuation<ActivityTask?, Never>
    }

    private let store: Store
    private let settings: EngineSettings
    private let queue: CommitQueue
    private let clock: DatabaseClock
    private let logger: Logger
    private let interpreter: @Sendable (RevisionID) async -> Interpreter?
    private var polls: [String: [Poll]] = [:]
    private var serving: Set<String> = []
    private var nextNumber = 0

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

    /// Waits for a task of an activity, for at most `time`; `nil` when none came, or the caller is cancelled.
    package func poll(_ lane: String, workerName: String?, atMost time: Duration) async -> ActivityTask? {
        nextNumber += 1
        let number = nextNumber
        let timer = Task {
            try? await Task.sleep(for: time)
            self.giveUp(lane, number)
        }
        defer { timer.cancel() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                polls[lane, default: []].append(
                    Poll(number: number, workerName: workerName, continuation: continuation)
                )
                Task { await self.serve(lane) }
            }
        } onCancel: {
            Task { await self.giveUp(lane, number) }
        }
    }

    /// Says that lanes may have tasks.
    package func wake(_ lanes: Set<String>?) async {
        for lane in polls.keys where lanes?.contains(lane) ?? true { await serve(lane) }
    }

    /// When the clocks of an attempt run out whose start, or submission, is committed now.
    package static func until(_ branch: Branch, at now: Timestamp) -> Timestamp? {
        let beat = branch.heartbeat.map { now + $0 }
        guard let deadline = branch.deadline else { return beat }
        return beat.map { min($0, deadline) } ?? deadline
    }

    private func giveUp(_ lane: String, _ number: Int) {
        guard let index = polls[lane]?.firstIndex(where: { $0.number == number }),
            let poll = polls[lane]?.remove(at: index)
        else { return }
        if polls[lane]?.isEmpty == true { polls[lane] = nil }
        poll.continuation.resume(returning: nil)
    }

    /// Gives out what is offered in a lane, for as long as somebody polls for it.
    private func serve(_ lane: String) async {
        guard serving.insert(lane).inserted else { return }
        defer { serving.remove(lane) }
        while let waiting = polls[lane]?.count, waiting > 0 {
            do {
                let offered = try await store.offeredActivities(in: lane, limit: min(waiting, 100))
                guard !offered.isEmpty else { return }
                var given = 0
                for one in offered where await give(one, in: lane) { given += 1 }
                // What cannot be given now is looked for again when the lane wakes, or a second later.
                guard given > 0 else { return }
            } catch {
                logger.debug("activities' tasks are not read", [("reason", "\(error)")])
                return
            }
        }
    }

    /// Gives what is offered to the first who polls; false if it could not be given.
    private func give(_ offered: LeasedBranch, in lane: String) async -> Bool {
        guard let poll = polls[lane]?.first, let interpreter = await interpreter(offered.revision) else { return false }
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
        guard let index = polls[lane]?.firstIndex(where: { $0.number == poll.number }) ?? polls[lane]?.indices.first,
            let taker = polls[lane]?.remove(at: index)
        else { return true }
        if polls[lane]?.isEmpty == true { polls[lane] = nil }
        taker.continuation.resume(returning: ActivityTask(token: token, input: request.input))
        return true
    }
}

extension Resource {
    /// Whether an attempt that awaits is an activity's that nobody has taken yet.
    func isOffered(_ branch: Branch) -> Bool { eventKind == .activity && branch.deadline == nil }

    /// Who can begin an attempt: who serves its lane; an activity's anyone.
    package var laneToBegin: String { eventKind == .activity ? "" : lane }
}
