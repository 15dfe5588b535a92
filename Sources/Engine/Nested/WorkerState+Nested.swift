import Interpreter
import StatesLanguage
import Store

extension WorkerState {
    /// What a committed transition means for nested executions.
    ///
    /// An execution that a Task started has ended; an attempt that waited for one has; or a failure has ended siblings that
    /// may have waited.
    func nestedActions(after transition: Transition, _ before: Branch, of branch: HeldBranch) -> [WorkerAction] {
        var actions: [WorkerAction] = []
        guard let interpreter = interpreters[branch.revision] else { return [] }
        if let token = before.taskToken, transition.branch.taskToken != token,
            interpreter.awaitsExecution(in: before.state)
        {
            switch branch.happening {
            case .succeeded, .failed: actions.append(.forgetNested(branch.key, token: token))
            default: actions.append(.settleNested(.of(branch.key.execution)))
            }
        }
        if let run = branch.execution.mapRun, branch.key.isRoot, transition.directive.isEnd {
            actions.append(.stepped(run))
        }
        switch transition.directive {
        case .complete where branch.key.isRoot && branch.execution.isNested,
            .fail where branch.key.isRoot && branch.execution.isNested:
            actions.append(.settleNested(.child(branch.key.execution)))
        case .fail where !branch.key.isRoot && interpreter.awaitsExecutions:
            actions.append(.settleNested(.of(branch.key.execution)))
        default: break
        }
        return actions
    }
}

extension Interpreter {
    /// Whether the attempts of a state wait for the end of an execution that they start.
    func awaitsExecution(in state: String) -> Bool {
        guard case .task(let task)? = definition.state(named: state)?.body else { return false }
        return task.resource.awaitsExecution
    }

    /// Whether those of any state do.
    var awaitsExecutions: Bool {
        definition.resources.contains(where: \.awaitsExecution) || definition.distributes
    }
}

extension Resource {
    /// Whether an attempt ends when the execution ends that it starts.
    package var awaitsExecution: Bool {
        guard case .service(let service) = kind, service.service == "states", !service.isSDK else { return false }
        return service.pattern == .sync || service.pattern == .sync2
    }
}
