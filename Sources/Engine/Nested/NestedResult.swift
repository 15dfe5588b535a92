package import Interpreter
package import JSON
package import StatesLanguage
import Store

/// The end of an execution that a Task started, as the Task is told.
package struct NestedEnd: Sendable {
    package var name: String
    package var machineName: String
    /// `SUCCEEDED`, `FAILED`, `TIMED_OUT` or `ABORTED`.
    package var status: String
    package var input: JSONText
    package var output: JSONText?
    package var failure: Failure
    package var startedAt: Timestamp
    package var stoppedAt: Timestamp?
    var redriveCount = 0
    var version: Int?
    var alias: String?
    var traceHeader: String?

    /// What it is to the attempt that waited for it: a result, or the failure that it is.
    package enum Meaning: Sendable {
        case result(JSONText)
        case failure(Failure)
    }

    package init(
        name: String,
        machineName: String,
        status: String,
        input: JSONText,
        output: JSONText? = nil,
        failure: Failure = Failure(error: nil, cause: nil),
        startedAt: Timestamp,
        stoppedAt: Timestamp? = nil
    ) {
        self.name = name
        self.machineName = machineName
        self.status = status
        self.input = input
        self.output = output
        self.failure = failure
        self.startedAt = startedAt
        self.stoppedAt = stoppedAt
    }

    /// Its description, names in upper camel case and in their order, instants as milliseconds; where the execution did not
    /// succeed that is the cause, as text.
    ///
    /// Source: reference §16; recorded test_start_execution_sync_delegate_failure, whose cause has nothing of redrives, and
    /// test_sfn_start_execution_sync, whose result has.
    package func meaning(isStructured: Bool, by arns: ARNs) -> Meaning {
        if status == "SUCCEEDED" {
            return .result(JSONText(.object(description(isStructured: isStructured, by: arns))))
        }
        let description = description(isStructured: false, by: arns)
        return .failure(Failure(error: ErrorName.taskFailed, cause: JSONValue.object(description).text))
    }

    private func description(isStructured: Bool, by arns: ARNs) -> JSONObject {
        func data(_ text: JSONText) -> JSONValue { isStructured ? text.value : .string(text.text) }
        func instant(_ time: Timestamp) -> JSONValue { .number(JSONNumber(Int(time.microseconds / 1_000))) }
        var result: JSONObject = [:]
        // An execution that timed out as a whole shows neither.
        if let cause = failure.cause, status != "TIMED_OUT" { result["Cause"] = .string(cause) }
        if let error = failure.error, status != "TIMED_OUT" { result["Error"] = .string(error) }
        result["ExecutionArn"] = .string("\(arns.execution(name, of: machineName))")
        result["Input"] = data(input)
        result["InputDetails"] = ["Included": true]
        result["Name"] = .string(name)
        if let output {
            result["Output"] = data(output)
            result["OutputDetails"] = ["Included": true]
        }
        if status == "SUCCEEDED" {
            result["RedriveCount"] = .number(JSONNumber(redriveCount))
            result["RedriveStatus"] = "NOT_REDRIVABLE"
            result["RedriveStatusReason"] = "Execution is SUCCEEDED and cannot be redriven"
        }
        result["StartDate"] = instant(startedAt)
        if let alias {
            result["StateMachineAliasArn"] = .string("\(arns.stateMachine(machineName, qualifier: alias))")
        }
        result["StateMachineArn"] = .string("\(arns.stateMachine(machineName))")
        if let version { result["StateMachineVersionArn"] = .string("\(arns.version(version, of: machineName))") }
        result["Status"] = .string(status)
        if let stoppedAt { result["StopDate"] = instant(stoppedAt) }
        if let traceHeader { result["TraceHeader"] = .string(traceHeader) }
        return result
    }
}

extension RecordedHappening {
    /// What the end of a nested execution is to the attempt that waited for it.
    init(endOf child: ExecutionRecord, isStructured: Bool, by arns: ARNs) {
        var end = NestedEnd(
            name: child.name,
            machineName: child.summary.stateMachineName,
            status: child.status.rawValue,
            input: child.input,
            output: child.output,
            failure: Failure(error: child.error, cause: child.cause),
            startedAt: child.summary.startedAt,
            stoppedAt: child.summary.stoppedAt
        )
        end.redriveCount = child.summary.redriveCount
        end.version = child.summary.version
        end.alias = child.summary.alias
        end.traceHeader = child.traceHeader
        switch end.meaning(isStructured: isStructured, by: arns) {
        case .result(let result): self = .succeeded(result)
        case .failure(let failure): self = .failed(failure)
        }
    }
}
