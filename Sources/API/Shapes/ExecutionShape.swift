import Engine
import JSON
import StatesLanguage
import Store

extension ExecutionSummary {
    /// The members that a list and a description of executions share.
    func shape(by arns: ARNs) -> JSONObject {
        var shape: JSONObject = [
            "executionArn": .string("\(arns.execution(name, of: stateMachineName))"),
            "stateMachineArn": .string("\(arns.stateMachine(stateMachineName))"),
            "name": .string(name),
            "status": .string(status.rawValue),
            "startDate": .instant(startedAt),
        ]
        if let version { shape["stateMachineVersionArn"] = .string("\(arns.version(version, of: stateMachineName))") }
        if let alias {
            shape["stateMachineAliasArn"] = .string("\(arns.stateMachine(stateMachineName, qualifier: alias))")
        }
        if let run = mapRunARN(by: arns) { shape["mapRunArn"] = .string("\(run)") }
        if let stoppedAt { shape["stopDate"] = .instant(stoppedAt) }
        shape["redriveCount"] = .number(JSONNumber(redriveCount))
        if let redrivenAt { shape["redriveDate"] = .instant(redrivenAt) }
        return shape
    }
}

extension ExecutionRecord {
    /// All that `DescribeExecution` shows; input, output, error and cause only with data.
    func described(by arns: ARNs, withData: Bool, at now: Timestamp) -> JSONObject {
        var shape = summary.shape(by: arns)
        let included: JSONValue = ["included": .bool(withData)]
        if withData { shape["input"] = .string(input.text) }
        shape["inputDetails"] = included
        if let output {
            if withData { shape["output"] = .string(output.text) }
            shape["outputDetails"] = included
        }
        // An execution that timed out as a whole shows neither (recorded: test_global_timeout).
        if withData, status != .timedOut {
            if let error { shape["error"] = .string(error) }
            if let cause { shape["cause"] = .string(cause) }
        }
        if let traceHeader { shape["traceHeader"] = .string(traceHeader) }
        if let reason = redriveRefusal(at: now) {
            shape["redriveStatus"] = "NOT_REDRIVABLE"
            shape["redriveStatusReason"] = .string(reason)
        } else {
            shape["redriveStatus"] = "REDRIVABLE"
        }
        return shape
    }
}
