import Engine
import Interpreter
import JSON
import StatesLanguage

extension ExpressExecution {
    /// What `StartSyncExecution` shows of how it ended (recorded: test_express_sync).
    func shape(withData: Bool) -> JSONObject {
        var shape: JSONObject = [
            "executionArn": .string("\(arn)"), "name": .string(name),
            "startDate": .instant(startedAt), "stopDate": .instant(stoppedAt),
        ]
        switch outcome {
        case .succeeded(let output):
            shape["status"] = "SUCCEEDED"
            if withData { shape["output"] = .string(output.text) }
        case .failed(let failure), .aborted(let failure):
            shape["status"] = "FAILED"
            if withData, let error = failure.error { shape["error"] = .string(error) }
            if withData, let cause = failure.cause { shape["cause"] = .string(cause) }
        case .timedOut:
            shape["status"] = "TIMED_OUT"
        }
        // There whether there is an output or not.
        shape["outputDetails"] = ["included": .bool(withData)]
        shape["billingDetails"] = [
            "billedDurationInMilliseconds": .number(JSONNumber(billedMilliseconds)), "billedMemoryUsedInMB": 64,
        ]
        return shape
    }

    /// How long it took, in whole tenths of a second and at least one.
    ///
    /// That, and the least memory, is what AWS bills; Braid bills nothing, and measures no memory.
    private var billedMilliseconds: Int {
        let milliseconds = Int((stoppedAt - startedAt) / .milliseconds(1))
        return max(1, (milliseconds + 99) / 100) * 100
    }
}
