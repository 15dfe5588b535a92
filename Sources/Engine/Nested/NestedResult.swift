import Interpreter
import JSON
import StatesLanguage
import Store

extension RecordedHappening {
    /// What the end of a nested execution is to the attempt that waited for it.
    ///
    /// Its description, names in upper camel case and in their order, instants as milliseconds; where the execution did not
    /// succeed that is the cause, as text. Source: reference §16; recorded test_start_execution_sync_delegate_failure,
    /// whose cause has nothing of redrives, and test_sfn_start_execution_sync, whose result has.
    init(endOf child: ExecutionRecord, isStructured: Bool, by arns: ARNs) {
        if child.status == .succeeded {
            self = .succeeded(JSONText(.object(child.result(isStructured: isStructured, by: arns))))
        } else {
            let description = child.result(isStructured: false, by: arns)
            self = .failed(Failure(error: ErrorName.taskFailed, cause: JSONValue.object(description).text))
        }
    }
}

extension ExecutionRecord {
    fileprivate func result(isStructured: Bool, by arns: ARNs) -> JSONObject {
        func data(_ text: JSONText) -> JSONValue { isStructured ? text.value : .string(text.text) }
        let machine = summary.stateMachineName
        var result: JSONObject = [:]
        if let cause, status != .timedOut { result["Cause"] = .string(cause) }
        if let error, status != .timedOut { result["Error"] = .string(error) }
        result["ExecutionArn"] = .string("\(arns.execution(name, of: machine))")
        result["Input"] = data(input)
        result["InputDetails"] = ["Included": true]
        result["Name"] = .string(name)
        if let output {
            result["Output"] = data(output)
            result["OutputDetails"] = ["Included": true]
        }
        if status == .succeeded {
            result["RedriveCount"] = .number(JSONNumber(summary.redriveCount))
            result["RedriveStatus"] = "NOT_REDRIVABLE"
            result["RedriveStatusReason"] = "Execution is SUCCEEDED and cannot be redriven"
        }
        result["StartDate"] = .number(JSONNumber(Int(summary.startedAt.microseconds / 1_000)))
        if let alias = summary.alias {
            result["StateMachineAliasArn"] = .string("\(arns.stateMachine(machine, qualifier: alias))")
        }
        result["StateMachineArn"] = .string("\(arns.stateMachine(machine))")
        if let version = summary.version {
            result["StateMachineVersionArn"] = .string("\(arns.version(version, of: machine))")
        }
        result["Status"] = .string(status.rawValue)
        if let stopped = summary.stoppedAt {
            result["StopDate"] = .number(JSONNumber(Int(stopped.microseconds / 1_000)))
        }
        if let traceHeader { result["TraceHeader"] = .string(traceHeader) }
        return result
    }
}
