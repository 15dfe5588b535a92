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

    /// The record.
    private var record: JSONText {
        var bytes: [UInt8] = []
        var times = TimeTexts()
        appendRecord(to: &bytes, &times)
        return JSONText(trusted: String(decoding: bytes, as: UTF8.self))
    }

    /// Writes the record, its members in AWS's order; as text, for there may be millions of them.
    func appendRecord(to bytes: inout [UInt8], _ times: inout TimeTexts) {
        var isFirst = true
        func name(_ name: String, in bytes: inout [UInt8]) {
            bytes.append(contentsOf: (isFirst ? "{\"" : ",\"").utf8)
            bytes.append(contentsOf: name.utf8)
            bytes.append(contentsOf: "\":".utf8)
            isFirst = false
        }
        func set(_ member: String, _ text: String, in bytes: inout [UInt8]) {
            name(member, in: &bytes)
            bytes.append(jsonString: text)
        }
        func include(_ member: String, in bytes: inout [UInt8]) {
            name(member, in: &bytes)
            bytes.append(contentsOf: "{\"Included\":true}".utf8)
        }
        if let execution { set("ExecutionArn", execution.arn, in: &bytes) }
        switch outcome {
        case .failed(let error, let cause), .timedOut(let error, let cause), .aborted(let error, let cause):
            if let cause { set("Cause", cause, in: &bytes) }
            if let error { set("Error", error, in: &bytes) }
        case .succeeded, .pending: break
        }
        set("Input", input.text, in: &bytes)
        include("InputDetails", in: &bytes)
        if let execution { set("Name", execution.name, in: &bytes) }
        if case .succeeded(let output) = outcome {
            set("Output", output.text, in: &bytes)
            include("OutputDetails", in: &bytes)
        }
        if let execution {
            name("RedriveCount", in: &bytes)
            bytes.append(contentsOf: String(execution.redriveCount).utf8)
            set("RedriveStatus", execution.redriveStatus, in: &bytes)
            if let reason = execution.redriveStatusReason { set("RedriveStatusReason", reason, in: &bytes) }
            set("StartDate", times.text(of: execution.startedAt), in: &bytes)
            set("StateMachineArn", execution.stateMachineARN, in: &bytes)
        }
        set("Status", status, in: &bytes)
        if let execution { set("StopDate", times.text(of: execution.stoppedAt), in: &bytes) }
        bytes.append(UInt8(ascii: "}"))
    }

    private var status: String {
        switch outcome {
        case .succeeded: "SUCCEEDED"
        case .failed: "FAILED"
        case .timedOut: "TIMED_OUT"
        case .aborted: "ABORTED"
        case .pending: "PENDING"
        }
    }
}

/// The kinds of files that results go into, by what their names begin with.
package enum ResultFile: String, Sendable, Hashable, CaseIterable {
    // In the manifest's order.
    case failed = "FAILED"
    case pending = "PENDING"
    case succeeded = "SUCCEEDED"
}
