package import JSON
package import StatesLanguage

/// What a test shows of its state: what each step of the data flow gave, as far as it got, and how a failure was answered.
package struct Inspection: Sendable {
    /// Only the steps that AWS shows of a state of its type; see `State.inspectedSteps`.
    package var steps: [DataFlowStep: JSONText] = [:]
    /// Of a Map whose items were found; 0 is no bound.
    package var maxConcurrency: Int?
    package var toleratedFailureCount: Int?
    package var toleratedFailurePercentage: Double?
    /// The retrier that matches the failure, whether or not it had an attempt left.
    package var retryIndex: Int?
    /// The wait before the retry that it gave.
    package var retryDelay: Duration?
    /// The catcher that was followed.
    package var catchIndex: Int?
}

extension State {
    /// The steps that AWS shows of such a state.
    ///
    /// A Pass with a fixed Result shows nothing of its input, a Parallel nothing before ResultSelector, and of Choice,
    /// Succeed and Fail there is only InputPath. Source: recorded test_base_inspection_level_debug and -trace,
    /// test_io_parallel_state_mock_success, test_state_map_context_object. Of Wait nothing is recorded.
    package var inspectedSteps: Set<DataFlowStep> {
        if language == .jsonata { return inspectedQuerySteps }
        return switch body {
        case .task: [.inputPath, .parameters, .result, .resultSelector, .resultPath]
        case .pass(let pass) where pass.result != nil: [.result, .resultSelector, .resultPath]
        case .pass: [.inputPath, .parameters, .resultSelector, .resultPath]
        case .parallel: [.resultSelector, .resultPath]
        case .map: [.inputPath, .itemsPath, .itemSelector, .resultSelector, .resultPath]
        case .choice, .wait, .succeed, .fail: [.inputPath]
        }
    }

    /// Those of a JSONata state: a Task shows its arguments and its result, a Map its items and what it makes of them, no
    /// other anything.
    ///
    /// Source: recorded test_localstack_blogpost_scenario, test_io_jsonata_parallel_state_mock_success,
    /// test_map_state_failure_count.
    private var inspectedQuerySteps: Set<DataFlowStep> {
        switch body {
        case .task: [.arguments, .result]
        case .map: [.itemSelector]
        case .parallel, .pass, .choice, .wait, .succeed, .fail: []
        }
    }
}
