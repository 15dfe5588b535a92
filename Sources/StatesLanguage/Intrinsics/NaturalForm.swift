import JSON

extension JSONValue {
    /// The value as States.Format prints it: the way of Java's collections and numbers.
    ///
    /// `{Arg1=1, Arg2=[]}` and `1.1` are recorded (test_format_2), where the language would refuse objects and arrays.
    var naturalForm: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .number(let number): number.naturalForm
        case .string(let string): string
        case .array(let elements): "[" + elements.map(\.naturalForm).joined(separator: ", ") + "]"
        case .object(let members):
            "{" + members.map { "\($0.key)=\($0.value.naturalForm)" }.joined(separator: ", ") + "}"
        }
    }
}

extension JSONNumber {
    /// An integer as it is spelled; with a point or an exponent, Java's `Double.toString`: `1e3` is `1000.0`.
    ///
    /// What no binary64 holds stays as it is spelled.
    fileprivate var naturalForm: String {
        let isInteger = !spelling.utf8.contains {
            [UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")].contains($0)
        }
        guard !isInteger, double.isFinite else { return spelling }
        guard let integer = Int(exactly: double) else { return JSONNumber(double).spelling }
        if double == 0 { return double.sign == .minus ? "-0.0" : "0.0" }
        guard double.magnitude >= 1e7 else { return "\(integer).0" }
        return Self.scientific(integer)
    }

    /// An integer of eight digits or more with one digit before the point: `1.0E7`.
    private static func scientific(_ integer: Int) -> String {
        let digits = Array(String(integer.magnitude))
        let fraction = String(digits.dropFirst()).trimmingZeros
        return "\(integer < 0 ? "-" : "")\(digits[0]).\(fraction)E\(digits.count - 1)"
    }
}

extension String {
    /// The digits without the zeros at their end, at least one digit.
    fileprivate var trimmingZeros: String {
        let kept = utf8.reversed().drop { $0 == UInt8(ascii: "0") }.count
        return kept == 0 ? "0" : String(prefix(kept))
    }
}
