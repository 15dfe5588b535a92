import Interpreter
import StatesLanguage
package import Store

extension Engine {
    /// Has an execution that did not succeed go on from where it stood; its end undone when this returns.
    ///
    /// - Parameters:
    ///   - execution: Which one.
    ///   - clientToken: The same one again within a quarter of an hour is the same request.
    ///   - revision: The revision that it goes on with; `nil` is the one that it had.
    /// - Throws: When the database does not do it, or the definition cannot be run.
    /// - Returns: When it was redriven, or why not.
    package func redriveExecution(
        _ execution: ExecutionRecord,
        clientToken: String?,
        revision: RevisionID? = nil
    ) async throws(StoreError) -> RedriveOutcome {
        guard let interpreter = await definitions.interpreter(of: revision ?? execution.revisionID) else {
            throw .unexpected("the definition of an execution that is to be redriven cannot be run")
        }
        var old: StateMachineDefinition?
        if revision != nil { old = await definitions.interpreter(of: execution.revisionID)?.definition }
        let definition = interpreter.definition
        let arns = settings.arns
        let name = execution.summary.stateMachineName
        let request = RedriveRequest(
            id: execution.id,
            clientToken: clientToken,
            isAllowed: execution.redriveRefusal(at: clock.now) == nil,
            revision: revision,
            timeLimit: definition.timeoutSeconds.map { .seconds($0) },
            lane: { definition.laneToBegin($0) },
            misfit: { [old] branches in old.flatMap { definition.misfit(of: branches, from: $0) } },
            mapRunARN: { arns.mapRun("\($0.id)", label: $0.label, of: name).description }
        )
        var outcome = RedriveOutcome.isEnding
        // What its map runs left running is stopped first: it would be counted twice.
        for _ in 0..<100 where outcome == .isEnding {
            try await mapRuns.settle(of: execution.id)
            outcome = try await store.redriveExecution(request)
        }
        if case .redriven(_, let lanes) = outcome {
            measures.countRedrive()
            onlookers.changed(Sight(executions: [execution.id], lists: true))
            wake(lanes)
        }
        return outcome
    }
}

extension StateMachineDefinition {
    /// What a branch needs next that stands before the work of a state.
    func laneToBegin(_ state: String) -> String {
        guard case .task(let task)? = self.state(named: state)?.body else { return "" }
        return task.resource.laneToBegin
    }

    /// Why branches of an execution cannot go on with this definition, which began with another; `nil` if they can.
    ///
    /// The state that each stands in must be there, of the same type and in the same place; a Parallel that has children
    /// must have as many branches.
    func misfit(of branches: [BranchRow], from old: StateMachineDefinition) -> String? {
        for branch in branches {
            guard let state = state(named: branch.state) else { return "There is no state '\(branch.state)'" }
            guard let before = old.state(named: branch.state), before.type == state.type else {
                return "The state '\(branch.state)' is of another type"
            }
            guard place(of: branch.state) == old.place(of: branch.state) else {
                return "The state '\(branch.state)' is in another place"
            }
            if case .parallel(let parallel) = state.body, branch.childCount > 0,
                parallel.branches.count != branch.childCount
            {
                return "The state '\(branch.state)' has another number of branches"
            }
        }
        return nil
    }

    /// In which Parallel or Map a state is, and in which branch of it.
    private func place(of state: String) -> [String] {
        guard let container = container(of: state) else { return [] }
        let index = container.nestedGraphs.firstIndex { $0.states.contains { $0.name == state } } ?? 0
        return [container.name, "\(index)"]
    }
}
