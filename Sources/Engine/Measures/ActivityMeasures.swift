import Interpreter
import StatesLanguage
import Store
import Synchronization
import Telemetry

/// What attempts of activities took, from being given out by this process to being answered here.
///
/// No row tells when an attempt was given out, and none shall for this alone: it is kept in mind, of the last few thousand.
/// Where clients reach several services in turn, those that were given out by another are not counted.
final class ActivityMeasures: Sendable {
    private struct Given {
        var lane: String
        var at: Timestamp
    }

    private struct State {
        /// By token: those that were given out last, and those before.
        var young: [String: Given] = [:]
        var old: [String: Given] = [:]
    }

    private static let most = 10_000
    private let tasks: TaskMeasures
    private let state = Mutex(State())

    init(_ metrics: Metrics) { tasks = TaskMeasures(metrics) }

    /// An activity worker has taken an attempt.
    func note(_ one: ActivitySubmission) {
        guard let token = one.transition.branch.taskToken else { return }
        state.withLock { state in
            if state.young.count >= Self.most {
                state.old = state.young
                state.young = [:]
            }
            state.young[token] = Given(lane: one.lane, at: one.at)
        }
    }

    /// An attempt was answered: an activity's, or another that is not counted here.
    func note(_ one: CallbackSubmission) {
        let given = state.withLock { state in
            state.young.removeValue(forKey: one.token) ?? state.old.removeValue(forKey: one.token)
        }
        guard let given else { return }
        let outcome: TaskDriver.Outcome
        switch one.happening {
        case .succeeded(let output): outcome = .succeeded(output)
        case .failed(let failure): outcome = .failed(failure)
        case .childFailed, .broken, .workerLost: return
        }
        let time = one.at - given.at
        tasks.count(given.lane, name: given.lane, outcome, took: max(.zero, time))
    }
}
