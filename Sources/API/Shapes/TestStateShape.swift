import Interpreter
import JSON
import StatesLanguage

extension TestState {
    /// The answer: how the state ended, and from level `DEBUG` on what its data was at each step.
    ///
    /// `TRACE` adds the request and response of an HTTP Task, which Braid does not perform yet.
    func shape(of outcome: StateTest.Outcome) -> JSONObject {
        var shape: JSONObject = ["status": .string(outcome.status.word)]
        if let output = outcome.output { shape["output"] = .string(output.text) }
        if let error = outcome.failure?.error { shape["error"] = .string(error) }
        if let cause = outcome.failure?.cause { shape["cause"] = .string(cause) }
        if let next = outcome.nextState { shape["nextState"] = .string(next) }
        guard level != .info else { return shape }
        var data = outcome.inspection.shape
        data["input"] = .string(input.text)
        let variables = outcome.variables.own
        if !variables.isEmpty { data["variables"] = .string(JSONValue.object(variables).text) }
        shape["inspectionData"] = .object(data)
        return shape
    }
}

extension StateTest.Outcome.Status {
    fileprivate var word: String {
        switch self {
        case .succeeded: "SUCCEEDED"
        case .failed: "FAILED"
        case .retriable: "RETRIABLE"
        case .caughtError: "CAUGHT_ERROR"
        }
    }
}

extension Inspection {
    fileprivate var shape: JSONObject {
        var shape = JSONObject()
        for step in DataFlowStep.allCases {
            if let text = steps[step]?.text { shape[step.word] = .string(text) }
        }
        if let maxConcurrency { shape["maxConcurrency"] = .number(JSONNumber(maxConcurrency)) }
        if let toleratedFailureCount { shape["toleratedFailureCount"] = .number(JSONNumber(toleratedFailureCount)) }
        if let percentage = toleratedFailurePercentage {
            // A float in the model: a whole number has its fraction written, so that clients read it as one.
            let spelling = JSONNumber(percentage).spelling
            let isWhole = spelling.allSatisfy { $0.isNumber }
            shape["toleratedFailurePercentage"] = JSONNumber(spelling: isWhole ? "\(spelling).0" : spelling)
                .map(JSONValue.number)
        }
        if retryIndex != nil || catchIndex != nil { shape["errorDetails"] = .object(errorDetails) }
        return shape
    }

    /// A wait is told in whole seconds; of fractions nothing is recorded.
    private var errorDetails: JSONObject {
        var details = JSONObject()
        if let catchIndex { details["catchIndex"] = .number(JSONNumber(catchIndex)) }
        if let retryIndex { details["retryIndex"] = .number(JSONNumber(retryIndex)) }
        if let retryDelay {
            let seconds = Int((retryDelay / .seconds(1)).rounded())
            details["retryBackoffIntervalSeconds"] = .number(JSONNumber(seconds))
        }
        return details
    }
}

extension DataFlowStep {
    fileprivate var word: String {
        switch self {
        case .inputPath: "afterInputPath"
        case .parameters: "afterParameters"
        case .arguments: "afterArguments"
        case .itemsPath: "afterItemsPath"
        case .itemSelector: "afterItemSelector"
        case .result: "result"
        case .resultSelector: "afterResultSelector"
        case .resultPath: "afterResultPath"
        }
    }
}
