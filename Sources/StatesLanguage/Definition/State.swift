package import JSON

/// One state of a definition.
package struct State: Sendable {
    /// What a state is, by type.
    ///
    /// Boxed, so that handing a state around costs no more than its name.
    package indirect enum Body: Sendable {
        case task(TaskState)
        case pass(PassState)
        case choice(ChoiceState)
        case wait(WaitState)
        case succeed(SucceedState)
        case fail(FailState)
        case parallel(ParallelState)
        case map(MapState)
    }

    /// Unique in the whole definition, nested machines included.
    package let name: String
    package let comment: String?
    /// Where the state stands in the definition, such as `/States/Ship/Branches/0/States/Pack`.
    package let place: JSONPointer
    package let body: Body

    package init(name: String, comment: String? = nil, place: JSONPointer, body: Body) {
        self.name = name
        self.comment = comment
        self.place = place
        self.body = body
    }

    package var type: StateType {
        switch body {
        case .task: .task
        case .pass: .pass
        case .choice: .choice
        case .wait: .wait
        case .succeed: .succeed
        case .fail: .fail
        case .parallel: .parallel
        case .map: .map
        }
    }

    /// Where its `Next` or `End` leads; `nil` for Choice, Succeed and Fail, which have neither.
    package var successor: Successor? {
        switch body {
        case .task(let state): state.successor
        case .pass(let state): state.successor
        case .wait(let state): state.successor
        case .parallel(let state): state.successor
        case .map(let state): state.successor
        case .choice, .succeed, .fail: nil
        }
    }

    /// How its input and output are shaped; `nil` for Fail, which does neither.
    package var dataFlow: DataFlow? {
        switch body {
        case .task(let state): state.dataFlow
        case .pass(let state): state.dataFlow
        case .choice(let state): state.dataFlow
        case .wait(let state): state.dataFlow
        case .succeed(let state): state.dataFlow
        case .parallel(let state): state.dataFlow
        case .map(let state): state.dataFlow
        case .fail: nil
        }
    }

    /// In order; empty for the types that have none.
    package var retriers: [Retrier] {
        switch body {
        case .task(let state): state.retriers
        case .parallel(let state): state.retriers
        case .map(let state): state.retriers
        case .pass, .choice, .wait, .succeed, .fail: []
        }
    }

    /// In order; empty for the types that have none.
    package var catchers: [Catcher] {
        switch body {
        case .task(let state): state.catchers
        case .parallel(let state): state.catchers
        case .map(let state): state.catchers
        case .pass, .choice, .wait, .succeed, .fail: []
        }
    }

    /// The closed worlds inside it: a Parallel's branches, a Map's processor, else none.
    package var nestedGraphs: [StateGraph] {
        switch body {
        case .parallel(let state): state.branches
        case .map(let state): [state.processor]
        case .task, .pass, .choice, .wait, .succeed, .fail: []
        }
    }
}

/// The eight types of states, by the specification's names.
package enum StateType: String, Sendable, CaseIterable {
    // In the order in which AWS lists them when it refuses a type.
    case task = "Task"
    case wait = "Wait"
    case pass = "Pass"
    case succeed = "Succeed"
    case fail = "Fail"
    case choice = "Choice"
    case parallel = "Parallel"
    case map = "Map"
}

/// Where a state leads.
package enum Successor: Sendable, Hashable {
    /// To the state of that name in the same graph.
    case next(String)
    /// To the end of the execution, branch or iteration.
    case end
}
