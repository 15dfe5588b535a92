import Interpreter
import JSON
import ResultWriting
import StatesLanguage
import Store

/// What came of a child that ran in memory, as its run keeps it until its results are gathered.
struct ExpressResult: Sendable {
    var input: JSONText
    var outcome: ChildResult.Outcome
    var startedAt: Timestamp
    var stoppedAt: Timestamp
    /// How many items it was given.
    var items: Int
}

extension ExpressResult {
    var hasSucceeded: Bool {
        if case .succeeded(output: _) = outcome { true } else { false }
    }

    /// Whether it counts against what is tolerated.
    var countsAsFailed: Bool {
        switch outcome {
        case .failed, .timedOut: true
        case .succeeded, .aborted, .pending: false
        }
    }

    /// Writes it as it is kept: an array, in which an input that nobody will ask for is left out.
    func append(to bytes: inout [UInt8], withInput: Bool) {
        func head(_ kind: String, in bytes: inout [UInt8]) {
            bytes.append(contentsOf: "[\"".utf8)
            bytes.append(contentsOf: kind.utf8)
            bytes.append(contentsOf: "\",".utf8)
            bytes.append(decimal: startedAt.microseconds)
            bytes.append(UInt8(ascii: ","))
            bytes.append(decimal: stoppedAt.microseconds)
            bytes.append(UInt8(ascii: ","))
            bytes.append(contentsOf: (withInput ? input.text : "null").utf8)
            bytes.append(UInt8(ascii: ","))
        }
        func fail(_ kind: String, _ error: String?, _ cause: String?, in bytes: inout [UInt8]) {
            head(kind, in: &bytes)
            if let error { bytes.append(jsonString: error) } else { bytes.append(contentsOf: "null".utf8) }
            bytes.append(UInt8(ascii: ","))
            if let cause { bytes.append(jsonString: cause) } else { bytes.append(contentsOf: "null".utf8) }
        }
        switch outcome {
        case .succeeded(let output):
            head("S", in: &bytes)
            bytes.append(contentsOf: output.text.utf8)
        case .failed(let error, let cause): fail("F", error, cause, in: &bytes)
        case .timedOut(let error, let cause): fail("T", error, cause, in: &bytes)
        case .aborted(let error, let cause): fail("A", error, cause, in: &bytes)
        case .pending: fail("A", nil, nil, in: &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    init?(_ value: JSONValue) {
        guard let fields = value.array, fields.count >= 5, let kind = fields[0].string, let started = fields[1].int,
            let stopped = fields[2].int
        else { return nil }
        startedAt = Timestamp(microseconds: Int64(started))
        stoppedAt = Timestamp(microseconds: Int64(stopped))
        input = JSONText(fields[3])
        items = 1
        let cause = fields.count > 5 ? fields[5].string : nil
        switch kind {
        case "S": outcome = .succeeded(output: JSONText(fields[4]))
        case "T": outcome = .timedOut(error: fields[4].string, cause: cause)
        case "A": outcome = .aborted(error: fields[4].string, cause: cause)
        default: outcome = .failed(error: fields[4].string, cause: cause)
        }
    }
}

extension ExpressResult {
    /// As its run's results tell it.
    func result(_ ordinal: Int, _ names: ChildNames) -> ChildResult {
        let name = names.name(ordinal)
        return ChildResult(
            input: input,
            outcome: outcome,
            execution: ChildResult.Execution(
                arn: names.arn(name),
                name: name,
                stateMachineARN: names.stateMachineARN,
                startedAt: startedAt,
                stoppedAt: stoppedAt,
                redriveStatus: Self.redriveStatus(hasSucceeded: hasSucceeded),
                redriveStatusReason: Self.redriveStatusReason(hasSucceeded: hasSucceeded)
            )
        )
    }

    static func redriveStatus(hasSucceeded: Bool) -> String {
        hasSucceeded ? "NOT_REDRIVABLE" : "REDRIVABLE_BY_MAP_RUN"
    }

    static func redriveStatusReason(hasSucceeded: Bool) -> String? {
        hasSucceeded ? "Execution is SUCCEEDED and cannot be redriven" : nil
    }
}

extension [UInt8] {
    /// Appends a number's digits.
    fileprivate mutating func append(decimal number: Int64) {
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var place = digits.count
        var rest = number.magnitude
        repeat {
            place -= 1
            digits[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        if number < 0 { append(UInt8(ascii: "-")) }
        for index in place..<digits.count { append(digits[index]) }
    }
}

/// What came of consecutive children.
struct ExpressResults: Sendable {
    var children: Int
    /// As they are kept, with commas between them.
    var kept: [UInt8] = []
    var counts = MapRunCounts()
    /// As they are exported, if they are.
    var texts: ResultTexts?

    /// How long they took.
    var time = Duration.zero

    init(children: Int) { self.children = children }
}

extension MapRunCounts {
    mutating func count(_ result: ExpressResult) {
        switch result.outcome {
        case .succeeded:
            executions.succeeded += 1
            items.succeeded += result.items
        case .failed:
            executions.failed += 1
            items.failed += result.items
        case .timedOut:
            executions.timedOut += 1
            items.timedOut += result.items
        case .aborted, .pending:
            executions.aborted += 1
            items.aborted += result.items
        }
    }
}

extension MapRunCounts {
    static func + (left: Self, right: Self) -> Self {
        var sum = left
        sum.executions = left.executions + right.executions
        sum.items = left.items + right.items
        return sum
    }
}

extension MapRunCounts.Ends {
    fileprivate static func + (left: Self, right: Self) -> Self {
        var sum = left
        sum.succeeded += right.succeeded
        sum.failed += right.failed
        sum.timedOut += right.timedOut
        sum.aborted += right.aborted
        return sum
    }
}
