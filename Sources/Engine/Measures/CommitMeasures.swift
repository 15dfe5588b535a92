import Interpreter
import StatesLanguage
import Store
package import Telemetry

/// What this process's commits have done, for Prometheus (README, "Metrics").
///
/// Counted when the database has answered: what was committed and nothing else, once, in whichever process committed it. The
/// sum over all processes is the whole.
package final class CommitMeasures: Sendable {
    private let started: Counter
    private let redriven: Counter
    private let throttled: Counter
    /// Children of map runs that have ended.
    private let iterations: [ExecutionStatus: Counter]
    private let ended: [ExecutionStatus: Counter]
    private let times: Histogram
    private let activities: ActivityMeasures
    private let transitions: Counter
    private let lost: Counter
    private let sizes: Histogram
    private let commits: Histogram

    package init(_ metrics: Metrics) {
        started = metrics.counter("braid_executions_started_total", help: "Executions started")
        redriven = metrics.counter("braid_executions_redriven_total", help: "Executions that were redriven")
        activities = ActivityMeasures(metrics)
        throttled = metrics.counter(
            "braid_executions_throttled_total",
            help: "Synchronous executions refused since too many ran"
        )
        iterations = Dictionary(
            uniqueKeysWithValues: ExecutionStatus.allCases.filter { $0 != .running }.map { status in
                let name = "braid_map_run_iterations_total"
                let labels = [("status", status.rawValue.lowercased())]
                return (status, metrics.counter(name, help: "Children of map runs that have ended", labels: labels))
            }
        )
        ended = Dictionary(
            uniqueKeysWithValues: ExecutionStatus.allCases.filter { $0 != .running }.map { status in
                let name = "braid_executions_\(status.rawValue.lowercased())_total"
                let what = status.rawValue.lowercased().replacing("_", with: " ")
                return (status, metrics.counter(name, help: "Executions that have \(what)"))
            }
        )
        times = metrics.histogram(
            "braid_execution_seconds",
            help: "From an execution's start to its end",
            buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 300, 1_800, 3_600, 21_600, 86_400]
        )
        transitions = metrics.counter("braid_transitions_total", help: "Transitions of branches committed")
        lost = metrics.counter("braid_leases_lost_total", help: "Transitions dropped because the lease was lost")
        sizes = metrics.histogram(
            "braid_commit_batch_size",
            help: "How many submissions a commit took",
            buckets: [1, 2, 5, 10, 20, 50]
        )
        commits = metrics.histogram("braid_commit_seconds", help: "How long a commit took, its round trips included")
    }

    func count(_ submissions: Int, took time: Duration) {
        sizes.observe(Double(submissions))
        commits.observe(time)
    }

    /// Counts a redrive that is committed.
    func countRedrive() { redriven.increment() }

    /// Counts an execution that was refused for want of room.
    func countThrottled() { throttled.increment() }

    /// Counts what became of a submission.
    func count(_ submission: Submission, _ answer: Answer) {
        switch (submission, answer) {
        case (.start(let start), .started(let committed)): count(start, committed)
        case (.children(let children), .childrenStarted(let all)):
            for (start, committed) in zip(children.starts, all) { count(start, committed) }
            // Those that ran in memory are no executions of the database's.
            for counts in children.results.map(\.counts.executions) {
                iterations[.succeeded]?.increment(by: counts.succeeded)
                iterations[.failed]?.increment(by: counts.failed)
                iterations[.timedOut]?.increment(by: counts.timedOut)
                iterations[.aborted]?.increment(by: counts.aborted)
            }
        case (.transition(let one), .committed(let committed)) where !committed.wasBefore:
            transitions.increment()
            if one.key.isRoot {
                end(one.key.execution, by: one.transition.directive, isIteration: one.isIteration, at: one.at)
            }
        case (.transition, .lost): lost.increment()
        case (.activity(let one), .committed): activities.note(one)
        case (.callback(let one), .reached): activities.note(one)
        case (.stop(let stop), .stopped):
            let status = stop.isTimeout ? ExecutionStatus.timedOut : .aborted
            end(stop.execution, as: status, isIteration: stop.isIteration, at: stop.at)
        default: break
        }
    }

    private func count(_ start: StartSubmission, _ committed: Committed) {
        guard !committed.wasBefore else { return }
        started.increment()
        transitions.increment()
        end(start.id, by: start.transition.directive, isIteration: start.mapRun != nil, at: start.at)
    }

    private func end(_ id: ExecutionID, by directive: Directive, isIteration: Bool, at time: Timestamp) {
        switch directive {
        case .complete: end(id, as: .succeeded, isIteration: isIteration, at: time)
        case .fail: end(id, as: .failed, isIteration: isIteration, at: time)
        case .proceed, .perform, .await, .sleep, .fork, .distribute: break
        }
    }

    /// An id holds the time at which it was made, to the millisecond: that of the execution's start.
    private func end(_ id: ExecutionID, as status: ExecutionStatus, isIteration: Bool, at time: Timestamp) {
        ended[status]?.increment()
        if isIteration { iterations[status]?.increment() }
        times.observe(max(0, Double(time.microseconds / 1_000 - Int64(id.high >> 16)) / 1_000))
    }
}
