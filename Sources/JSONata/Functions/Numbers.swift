import Glibc

extension Builtin {
    /// Functions on numbers.
    static let numbers: [Builtin] = [
        Builtin("number", "<(nsb)-:n>", arity: 1) { call throws(Fault) in
            switch call[0] {
            case .undefined: return .undefined
            case .number, .spelled: return call[0]
            case .bool(let value): return .number(value ? 1 : 0)
            case .string(let text):
                guard let number = number(text) else { break }
                return .number(number)
            default: break
            }
            throw Fault("D3030", .init(value: call[0].quoted, index: 1))
        },
        Builtin("abs", "<n-:n>", arity: 1) { call throws(Fault) in
            call.number(0).map { .number($0.magnitude) } ?? .undefined
        },
        Builtin("floor", "<n-:n>", arity: 1) { call throws(Fault) in
            call.number(0).map { .number($0.rounded(.down)) } ?? .undefined
        },
        Builtin("ceil", "<n-:n>", arity: 1) { call throws(Fault) in
            call.number(0).map { .number($0.rounded(.up)) } ?? .undefined
        },
        Builtin("round", "<n-n?:n>", arity: 2) { call throws(Fault) in
            guard let number = call.number(0) else { return .undefined }
            return .number(rounded(number, call.number(1) ?? 0))
        },
        Builtin("sqrt", "<n-:n>", arity: 1) { call throws(Fault) in
            guard let number = call.number(0) else { return .undefined }
            guard number >= 0 else { throw Fault("D3060", .init(value: call[0].quoted, index: 1)) }
            return .number(number.squareRoot())
        },
        Builtin("power", "<n-n:n>", arity: 2) { call throws(Fault) in
            guard let base = call.number(0) else { return .undefined }
            let exponent = call.number(1) ?? .nan
            // JavaScript has no opinion on what the powers of one come to in the limit.
            let result = base.magnitude == 1 && exponent.isInfinite ? .nan : pow(base, exponent)
            guard result.isFinite else {
                throw Fault("D3061", .init(value: call[0].quoted, index: 1, exponent: call[1].quoted))
            }
            return .number(result)
        },
        Builtin("random", "<:n>", arity: 0) { call throws(Fault) in
            .number(call.evaluator.nextRandom())
        },
    ]

    private static let radixes: [UInt8: UInt8] = [
        UInt8(ascii: "x"): 16, UInt8(ascii: "o"): 8, UInt8(ascii: "b"): 2,
    ]

    /// The number that a text spells: in JSON's way but that zeros may lead, or in base 16, 8 or 2 (`0x12`).
    static func number(_ text: String) -> Double? {
        let bytes = Array(text.utf8)
        if bytes.count > 2, bytes[0] == UInt8(ascii: "0"), let radix = radixes[bytes[1] | 0x20] {
            var number = 0.0
            for byte in bytes.dropFirst(2) {
                let letter = byte | 0x20
                let digit = (0x30...0x39).contains(byte) ? byte - 0x30 : letter &- 0x57
                guard digit < radix, (0x30...0x39).contains(byte) || (0x61...0x66).contains(letter) else { return nil }
                number = number * Double(radix) + Double(digit)
            }
            return number.isFinite ? number : nil
        }
        var index = 0
        func digits() -> Bool {
            let start = index
            while index < bytes.count, (0x30...0x39).contains(bytes[index]) { index += 1 }
            return index > start
        }
        if bytes.first == UInt8(ascii: "-") { index = 1 }
        guard digits() else { return nil }
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            index += 1
            guard digits() else { return nil }
        }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < bytes.count, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
                index += 1
            }
            guard digits() else { return nil }
        }
        guard index == bytes.count, let number = Double(text), number.isFinite else { return nil }
        return number
    }

    /// Rounds to a number of digits behind the point, half to even.
    ///
    /// The point is moved in the decimal text, so that 4.525 is as near to 4.52 as it looks.
    static func rounded(_ number: Double, _ precision: Double) -> Double {
        guard number.isFinite else { return number }
        func shifted(_ value: Double, by places: Double) -> Double {
            guard places != 0, value.isFinite, value != 0 else { return value }
            var digits = DecimalDigits(shortestOf: value)
            digits.point += Int(min(max(places.rounded(.towardZero), -2_000), 2_000))
            return Double(digits.javaScriptText) ?? value
        }
        let moved = shifted(number, by: precision)
        var result = floor(moved + 0.5)
        if result - moved == 0.5, result.truncatingRemainder(dividingBy: 2).magnitude == 1 { result -= 1 }
        result = shifted(result, by: -precision)
        return result == 0 ? 0 : result
    }
}

extension Evaluator {
    /// A number from 0 up to but not including 1.
    func nextRandom() -> Double { Double(environment.generator.next() >> 11) * 0x1p-53 }
}
