extension Builtin {
    /// Functions that write numbers and times by pictures, and read them.
    static let pictures: [Builtin] = [
        Builtin("formatNumber", "<n-so?:s>", arity: 3) { call throws(Fault) in
            guard let number = call.number(0) else { return .undefined }
            let symbols = try NumberPicture.Symbols(Members(call[2]))
            return try call.text(try NumberPicture(call.string(1) ?? "", symbols).text(of: number))
        },
        Builtin("formatBase", "<n-n?:s>", arity: 2) { call throws(Fault) in
            guard let number = call.number(0) else { return .undefined }
            let radix = call.number(1).map { rounded($0, 0) } ?? 10
            guard radix >= 2, radix <= 36 else {
                throw Fault("D3100", .init(value: radix.javaScriptText))
            }
            let value = rounded(number, 0)
            guard value.isFinite else { throw Fault("D1001", value: call[0]) }
            return try call.text(inBase(Int(radix), value))
        },
        Builtin("formatInteger", "<n-s:s>", arity: 2) { call throws(Fault) in
            guard let number = call.number(0) else { return .undefined }
            return try call.text(try IntegerPicture(call.string(1) ?? "").text(of: number))
        },
        Builtin("parseInteger", "<s-s:n>", arity: 2) { call throws(Fault) in
            guard let text = call.string(0) else { return .undefined }
            let number = try IntegerPicture(call.string(1) ?? "").number(in: text)
            return number.isNaN ? .undefined : .number(number)
        },
        Builtin("fromMillis", "<n-s?s?:s>", arity: 3) { call throws(Fault) in
            guard let number = call.number(0) else { return .undefined }
            return try call.text(try DateTimePicture(call.string(1)).text(of: number, zone: call.string(2)))
        },
        Builtin("toMillis", "<s-s?:n>", arity: 2) { call throws(Fault) in
            guard let text = call.string(0) else { return .undefined }
            if let picture = call.string(1) {
                let milliseconds = try DateTimePicture(picture).milliseconds(in: text, call.evaluator)
                return milliseconds.map { .number($0) } ?? .undefined
            }
            guard let milliseconds = ISOTime.milliseconds(in: text) else { throw Fault("D3110", value: call[0]) }
            return .number(milliseconds)
        },
    ]

    /// A whole number in another base.
    private static func inBase(_ radix: Int, _ value: Double) -> String {
        if let integer = Int(exactly: value) { return String(integer, radix: radix) }
        var rest = value.magnitude
        var digits: [Character] = []
        while rest >= 1 {
            let digit = Int(rest.truncatingRemainder(dividingBy: Double(radix)))
            digits.append(Character(String(digit, radix: radix)))
            rest = (rest / Double(radix)).rounded(.down)
        }
        return (value < 0 ? "-" : "") + String(digits.reversed())
    }
}
