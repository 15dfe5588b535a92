import JSON
import StatesLanguage

/// Results as their files have them, made before they are written: by whoever has them at hand, a few at a time.
///
/// Of an array's file the texts stand with commas between them, of one with a line for each result every line is complete.
package struct ResultTexts: Sendable {
    private let format: ResultFormat
    /// The text of each kind of file, in the order in which results were added; none where there are none.
    package private(set) var bytes: [ResultFile: [UInt8]] = [:]
    package var byteCount: Int { bytes.values.reduce(0) { $0 + $1.count } }
    private var times = TimeTexts()

    /// How many results are expected: room is made for them at once.
    private let expected: Int

    package init(_ format: ResultFormat, expecting expected: Int = 1) {
        self.format = format
        self.expected = expected
    }

    /// Takes a result; of what did not succeed the record, whatever the transformation.
    package mutating func add(_ result: ChildResult) {
        let file = result.file
        guard case .succeeded = result.outcome, format.transformation != .none else {
            begin(in: file)
            result.appendRecord(to: &bytes[file, default: []], &times)
            return end(in: file)
        }
        for text in result.texts(as: format.transformation) { add(text.text, to: file) }
    }

    /// Takes a child that has succeeded, as the result that it is.
    package mutating func add(_ child: SucceededChild, among siblings: SiblingRecords) {
        switch format.transformation {
        case .none:
            begin(in: .succeeded)
            siblings.append(child, to: &bytes[.succeeded, default: []], &times)
            end(in: .succeeded)
        case .compact: add(child.output.text, to: .succeeded)
        case .flatten: for text in ChildResult.flattened(child.output) { add(text.text, to: .succeeded) }
        }
    }

    private mutating func add(_ text: String, to file: ResultFile) {
        begin(in: file)
        if format.outputType == .json {
            bytes[file, default: []].append(contentsOf: text.utf8)
        } else {
            // JSON has no line break within a string; those between its tokens are of no account.
            bytes[file, default: []].append(contentsOf: text.utf8.lazy.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 })
        }
        end(in: file)
    }

    private mutating func begin(in file: ResultFile) {
        if bytes[file] == nil {
            bytes[file, default: []].reserveCapacity(expected * (format.transformation == .none ? 768 : 128))
        } else if format.outputType == .json {
            bytes[file, default: []].append(UInt8(ascii: ","))
        }
    }

    private mutating func end(in file: ResultFile) {
        if format.outputType == .jsonLines { bytes[file, default: []].append(UInt8(ascii: "\n")) }
    }
}

/// The texts of the times that were asked for last: children that run at once have the same.
struct TimeTexts: Sendable {
    private var last: [(milliseconds: Int64, text: String)] = []

    mutating func text(of time: Timestamp) -> String {
        let milliseconds = time.microseconds / 1_000
        for known in last where known.milliseconds == milliseconds { return known.text }
        if last.count == 2 { last.removeFirst() }
        last.append((milliseconds, time.rfc3339))
        return last[last.count - 1].text
    }
}
