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
        case .flatten: return Self.flattened(output)
        }
    }

    /// An output's elements, or itself if it is no array.
    static func flattened(_ output: JSONText) -> [JSONText] {
        output.value.array.map { $0.map(JSONText.init) } ?? [output]
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
        func put(_ text: String, in bytes: inout [UInt8]) { bytes.append(contentsOf: text.utf8) }
        func put(_ before: String, _ text: String, _ after: String, in bytes: inout [UInt8]) {
            put(before, in: &bytes)
            bytes.appendEscaped(text)
            put(after, in: &bytes)
        }
        put("{", in: &bytes)
        if let execution { put(#""ExecutionArn":""#, execution.arn, #"","#, in: &bytes) }
        switch outcome {
        case .failed(let error, let cause), .timedOut(let error, let cause), .aborted(let error, let cause):
            if let cause { put(#""Cause":""#, cause, #"","#, in: &bytes) }
            if let error { put(#""Error":""#, error, #"","#, in: &bytes) }
        case .succeeded, .pending: break
        }
        put(#""Input":""#, input.text, #"","InputDetails":{"Included":true},"#, in: &bytes)
        if let execution { put(#""Name":""#, execution.name, #"","#, in: &bytes) }
        if case .succeeded(let output) = outcome {
            put(#""Output":""#, output.text, #"","OutputDetails":{"Included":true},"#, in: &bytes)
        }
        if let execution {
            put(#""RedriveCount":"#, "\(execution.redriveCount)", ",", in: &bytes)
            put(#""RedriveStatus":""#, execution.redriveStatus, #"","#, in: &bytes)
            if let reason = execution.redriveStatusReason {
                put(#""RedriveStatusReason":""#, reason, #"","#, in: &bytes)
            }
            put(#""StartDate":""#, times.text(of: execution.startedAt), #"","#, in: &bytes)
            put(#""StateMachineArn":""#, execution.stateMachineARN, #"","#, in: &bytes)
        }
        put(#""Status":""#, status, #"""#, in: &bytes)
        if let execution { put(#","StopDate":""#, times.text(of: execution.stoppedAt), #"""#, in: &bytes) }
        put("}", in: &bytes)
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
