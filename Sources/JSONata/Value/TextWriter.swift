import JSON

/// Writes a value as `$string` does: JSON as JavaScript writes it, numbers with at most 15 significant digits.
///
/// Integers of the input keep all their digits: an identifier of 19 digits stays what it is.
struct TextWriter {
    private(set) var text = ""
    private let isPretty: Bool
    private var indentation = 0

    init(isPretty: Bool) { self.isPretty = isPretty }

    mutating func write(_ value: Value, for evaluator: Evaluator) throws(Fault) {
        let before = text.utf8.count
        switch value {
        case .undefined, .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .number(let number): try write(number)
        case .spelled(let number):
            if Int(number.spelling) != nil { text += number.spelling } else { try write(number.double) }
        case .string(let string): write(string)
        case .function: text += "\"\""
        case .elements, .array, .sequence, .tuples:
            guard let list = value.list else { return }
            try write(list, for: evaluator)
            return
        case .members, .object:
            guard let members = Members(value) else { return }
            try write(members, for: evaluator)
            return
        }
        try evaluator.allocate((text.utf8.count - before) / 24 + 1)
    }

    private mutating func write(_ number: Double) throws(Fault) {
        guard number.isFinite else { throw Fault(indentation == 0 ? "D3001" : "D1001", value: .number(number)) }
        text += number.roundedToFifteenDigits.javaScriptText
    }

    private mutating func write(_ list: List, for evaluator: Evaluator) throws(Fault) {
        guard list.count > 0 else {
            text += "[]"
            return
        }
        text += "["
        indentation += 1
        for index in 0..<list.count {
            if index > 0 { text += "," }
            breakLine()
            try write(list[index], for: evaluator)
        }
        indentation -= 1
        breakLine()
        text += "]"
    }

    private mutating func write(_ members: Members, for evaluator: Evaluator) throws(Fault) {
        text += "{"
        indentation += 1
        var isFirst = true
        try members.forEach { name, value throws(Fault) in
            if value.isUndefined { return }
            if !isFirst { text += "," }
            isFirst = false
            breakLine()
            write(name)
            text += isPretty ? ": " : ":"
            try write(value, for: evaluator)
        }
        indentation -= 1
        if !isFirst { breakLine() }
        text += "}"
    }

    private mutating func write(_ string: String) {
        text += "\""
        let needsEscape = string.utf8.contains { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C }
        if needsEscape {
            for scalar in string.unicodeScalars { write(scalar) }
        } else {
            text += string
        }
        text += "\""
    }

    private mutating func write(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "\"": text += "\\\""
        case "\\": text += "\\\\"
        case "\u{8}": text += "\\b"
        case "\u{C}": text += "\\f"
        case "\n": text += "\\n"
        case "\r": text += "\\r"
        case "\t": text += "\\t"
        case "\u{0}"..<" ":
            let digits = String(scalar.value, radix: 16)
            text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: text.unicodeScalars.append(scalar)
        }
    }

    private mutating func breakLine() {
        guard isPretty else { return }
        text += "\n" + String(repeating: " ", count: 2 * indentation)
    }
}
