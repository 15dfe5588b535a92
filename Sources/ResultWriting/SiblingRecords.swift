package import JSON
package import StatesLanguage

/// A child that has succeeded, as its record tells it.
package struct SucceededChild: Sendable {
    package let name: String
    package let input: JSONText
    package let output: JSONText
    package let startedAt: Timestamp
    package let stoppedAt: Timestamp

    package init(name: String, input: JSONText, output: JSONText, startedAt: Timestamp, stoppedAt: Timestamp) {
        self.name = name
        self.input = input
        self.output = output
        self.startedAt = startedAt
        self.stoppedAt = stoppedAt
    }
}

/// Writes the records of children of one run that have succeeded, as ``ChildResult`` does: what they have in common is made
/// once, for there may be millions of them.
package struct SiblingRecords: Sendable {
    /// What stands before a child's name, input, name, output, start and end, and behind that.
    private let beforeARN, beforeInput, beforeName, beforeOutput, beforeStart, beforeEnd, end: [UInt8]

    /// - Parameters:
    ///   - arnPrefix: What stands before the names in the children's ARNs.
    ///   - arnSuffix: What stands behind them.
    ///   - stateMachineARN: What they are executions of.
    ///   - redriveStatus: As `RedriveStatus`.
    ///   - redriveStatusReason: As `RedriveStatusReason`.
    package init(
        arnPrefix: String,
        arnSuffix: String,
        stateMachineARN: String,
        redriveStatus: String,
        redriveStatusReason: String?
    ) {
        func piece(_ texts: (String, escaped: Bool)...) -> [UInt8] {
            var bytes: [UInt8] = []
            for (text, isEscaped) in texts {
                if isEscaped { bytes.appendEscaped(text) } else { bytes.append(contentsOf: text.utf8) }
            }
            return bytes
        }
        beforeARN = piece((#"{"ExecutionArn":""#, false), (arnPrefix, true))
        beforeInput = piece((arnSuffix, true), (#"","Input":""#, false))
        beforeName = piece((#"","InputDetails":{"Included":true},"Name":""#, false))
        beforeOutput = piece((#"","Output":""#, false))
        let reason = redriveStatusReason.map {
            piece((#""RedriveStatusReason":""#, false), ($0, true), (#"","#, false))
        }
        beforeStart =
            piece(
                (#"","OutputDetails":{"Included":true},"RedriveCount":0,"RedriveStatus":""#, false),
                (redriveStatus, true),
                (#"","#, false)
            ) + (reason ?? []) + piece((#""StartDate":""#, false))
        beforeEnd = piece(
            (#"","StateMachineArn":""#, false),
            (stateMachineARN, true),
            (#"","Status":"SUCCEEDED","StopDate":""#, false)
        )
        end = piece((#""}"#, false))
    }

    func append(_ child: SucceededChild, to bytes: inout [UInt8], _ times: inout TimeTexts) {
        bytes.append(contentsOf: beforeARN)
        bytes.appendEscaped(child.name)
        bytes.append(contentsOf: beforeInput)
        bytes.appendEscaped(child.input.text)
        bytes.append(contentsOf: beforeName)
        bytes.appendEscaped(child.name)
        bytes.append(contentsOf: beforeOutput)
        bytes.appendEscaped(child.output.text)
        bytes.append(contentsOf: beforeStart)
        bytes.append(contentsOf: times.text(of: child.startedAt).utf8)
        bytes.append(contentsOf: beforeEnd)
        bytes.append(contentsOf: times.text(of: child.stoppedAt).utf8)
        bytes.append(contentsOf: end)
    }
}
