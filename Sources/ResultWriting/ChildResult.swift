package import JSON
package import StatesLanguage

/// What became of one child execution of a map run.
package struct ChildResult: Sendable, Hashable {
    package enum Outcome: Sendable, Hashable {
        case succeeded(output: JSONText)
        case failed(error: String?, cause: String?)
        case timedOut(error: String?, cause: String?)
        case aborted(error: String?, cause: String?)
        /// It never began.
        case pending
    }

    /// What all children have that have begun.
    package struct Execution: Sendable, Hashable {
        package let arn: String
        package let name: String
        package let stateMachineARN: String
        package let startedAt: Timestamp
        package let stoppedAt: Timestamp
        package let redriveCount: Int
        /// Such as `NOT_REDRIVABLE`.
        package let redriveStatus: String
        package let redriveStatusReason: String?

        package init(
            arn: String,
            name: String,
            stateMachineARN: String,
            startedAt: Timestamp,
            stoppedAt: Timestamp,
            redriveCount: Int = 0,
            redriveStatus: String,
            redriveStatusReason: String? = nil
        ) {
            self.arn = arn
            self.name = name
            self.stateMachineARN = stateMachineARN
            self.startedAt = startedAt
            self.stoppedAt = stoppedAt
            self.redriveCount = redriveCount
            self.redriveStatus = redriveStatus
            self.redriveStatusReason = redriveStatusReason
        }
    }

    package let input: JSONText
    package let outcome: Outcome
    /// `nil` only of a child that never began.
    package let execution: Execution?

    package init(input: JSONText, outcome: Outcome, execution: Execution?) {
        self.input = input
        self.outcome = outcome
        self.execution = execution
    }

    /// Which of the files it goes into.
    package var file: ResultFile {
        switch outcome {
        case .succeeded: .succeeded
        case .failed, .timedOut, .aborted: .failed
        case .pending: .pending
        }
    }

    /// Returns what a file holds of it: one text, or for an array that is flattened as many as there are elements.
    ///
    /// What did not succeed has no output, and keeps its record whatever the transformation. Source: reference §14.
    package func texts(as transformation: ResultFormat.Transformation) -> [JSONText] {
        guard case .succeeded(let output) = outcome else { return [record] }
        switch transformation {
        case .none: return [record]
        case .compact: return [output]
        case .flatten: return output.value.array.map { $0.map(JSONText.init) } ?? [output]
        }
    }

    /// The record, its members in AWS's order.
    private var record: JSONText {
        var record = JSONObject()
        let status: String
        if let execution { record["ExecutionArn"] = .string(execution.arn) }
        let details: JSONValue = ["Included": true]
        func set(_ error: String?, _ cause: String?, in record: inout JSONObject) {
            if let cause { record["Cause"] = .string(cause) }
            if let error { record["Error"] = .string(error) }
        }
        switch outcome {
        case .succeeded: status = "SUCCEEDED"
        case .failed(let error, let cause):
            status = "FAILED"
            set(error, cause, in: &record)
        case .timedOut(let error, let cause):
            status = "TIMED_OUT"
            set(error, cause, in: &record)
        case .aborted(let error, let cause):
            status = "ABORTED"
            set(error, cause, in: &record)
        case .pending: status = "PENDING"
        }
        record["Input"] = .string(input.text)
        record["InputDetails"] = details
        if let execution { record["Name"] = .string(execution.name) }
        if case .succeeded(let output) = outcome {
            record["Output"] = .string(output.text)
            record["OutputDetails"] = details
        }
        if let execution {
            record["RedriveCount"] = .number(JSONNumber(execution.redriveCount))
            record["RedriveStatus"] = .string(execution.redriveStatus)
            if let reason = execution.redriveStatusReason { record["RedriveStatusReason"] = .string(reason) }
            record["StartDate"] = .string(execution.startedAt.rfc3339)
            record["StateMachineArn"] = .string(execution.stateMachineARN)
        }
        record["Status"] = .string(status)
        if let execution { record["StopDate"] = .string(execution.stoppedAt.rfc3339) }
        return JSONText(.object(record))
    }
}

/// The kinds of files that results go into, by what their names begin with.
package enum ResultFile: String, Sendable, Hashable, CaseIterable {
    // In the manifest's order.
    case failed = "FAILED"
    case pending = "PENDING"
    case succeeded = "SUCCEEDED"
}
