import JSON

extension Double {
    /// The number as JavaScript writes it: the fewest digits, plain from 10⁻⁷ up to 10²¹.
    var javaScriptText: String {
        if magnitude < 0x1p53, let integer = Int(exactly: self) { return String(integer) }
        if isNaN { return "NaN" }
        if isInfinite { return self < 0 ? "-Infinity" : "Infinity" }
        return DecimalDigits(shortestOf: self).javaScriptText
    }

    /// The number as JSON spells what JavaScript computed.
    var jsonNumber: JSONNumber { JSONNumber(spelling: javaScriptText) ?? JSONNumber(self) }

    /// The nearest number that has at most 15 significant digits.
    ///
    /// This is what JSONata turns into text: `0.1 + 0.2` is `0.3`.
    var roundedToFifteenDigits: Double {
        if magnitude < 0x1p49, self == rounded(.towardZero) { return self }
        if !isFinite { return self }
        if DecimalDigits(shortestOf: self).digits.count <= 15 { return self }
        return Double(DecimalDigits(exactly: self).rounded(toSignificant: 15).javaScriptText) ?? self
    }
}

/// A finite number in decimal: 0.DIGITS × 10^point, with a sign.
struct DecimalDigits {
    var isNegative: Bool
    /// From 0 to 9, none of the outer ones 0; empty for 0.
    var digits: [UInt8]
    /// Where the decimal point stands, counted from the first digit.
    var point: Int

    /// The fewest digits that tell the number from its neighbours.
    init(shortestOf value: Double) {
        isNegative = value.sign == .minus
        digits = []
        point = 0
        var seenPoint = false
        var exponent = 0
        var inExponent = false
        var exponentIsNegative = false
        for byte in value.magnitude.description.utf8 {
            switch byte {
            case UInt8(ascii: "."): seenPoint = true
            case UInt8(ascii: "e"): inExponent = true
            case UInt8(ascii: "-"): exponentIsNegative = true
            case UInt8(ascii: "+"): break
            default:
                let digit = byte &- UInt8(ascii: "0")
                if inExponent {
                    exponent = exponent * 10 + Int(digit)
                } else {
                    if !seenPoint { point += 1 }
                    digits.append(digit)
                }
            }
        }
        point += exponentIsNegative ? -exponent : exponent
        trim()
    }

    /// All digits of the number's exact value.
    init(exactly value: Double) {
        isNegative = value.sign == .minus
        guard value != 0, value.isFinite else {
            digits = []
            point = 0
            return
        }
        // value = significand × 2^scale with an integer significand.
        let scale = value.isNormal ? Int(value.exponent) - 52 : -1074
        let significand = value.significandBitPattern | (value.isNormal ? 1 << 52 : 0)
        var limbs = BigDecimal(significand)
        if scale > 0 {
            for _ in 0..<scale { limbs.multiply(by: 2) }
            digits = limbs.digits
            point = digits.count
        } else {
            // × 5^n ÷ 10^n
            for _ in 0..<(-scale) { limbs.multiply(by: 5) }
            digits = limbs.digits
            point = digits.count + scale
        }
        trim()
    }

    private mutating func trim() {
        while digits.last == 0 { digits.removeLast() }
        let zeros = digits.prefix { $0 == 0 }.count
        digits.removeFirst(zeros)
        point = digits.isEmpty ? 0 : point - zeros
    }

    /// Rounded half away from zero to that many digits.
    func rounded(toSignificant count: Int) -> DecimalDigits {
        guard digits.count > count else { return self }
        var result = self
        let up = count >= 0 && digits[max(count, 0)] >= 5
        result.digits = count < 0 ? [] : Array(digits.prefix(count))
        if up {
            var place = count - 1
            while place >= 0, result.digits[place] == 9 {
                result.digits[place] = 0
                place -= 1
            }
            if place >= 0 {
                result.digits[place] += 1
            } else {
                result.digits.insert(1, at: 0)
                result.point += 1
            }
        }
        result.trim()
        return result
    }

    /// Rounded half away from zero to that many digits behind the point.
    func rounded(toFraction places: Int) -> DecimalDigits { rounded(toSignificant: point + places) }

    /// The number with that many digits behind the point, as `toFixed` writes it.
    func fixedText(_ places: Int) -> String {
        let value = rounded(toFraction: places)
        func digit(_ place: Int) -> Character {
            let index = place + value.point
            let digit = value.digits.indices.contains(index) ? value.digits[index] : 0
            return Character(Unicode.Scalar(UInt8(ascii: "0") + digit))
        }
        var text = ""
        let whole = max(value.point, 0)
        if whole == 0 { text = "0" }
        for place in 0..<whole { text.append(digit(place - value.point)) }
        if places > 0 {
            text += "."
            for place in 0..<places { text.append(digit(place)) }
        }
        return text
    }

    /// The number as JavaScript writes it.
    var javaScriptText: String {
        guard !digits.isEmpty else { return "0" }
        let text = String(decoding: digits.map { $0 + UInt8(ascii: "0") }, as: UTF8.self)
        let sign = isNegative ? "-" : ""
        let count = digits.count
        switch point {
        case count...21: return sign + text + String(repeating: "0", count: point - count)
        case 1...21: return sign + text.prefix(point) + "." + text.dropFirst(point)
        case -5...0: return sign + "0." + String(repeating: "0", count: -point) + text
        default:
            let exponent = point - 1
            let fraction = count > 1 ? "." + text.dropFirst() : ""
            return sign + text.prefix(1) + fraction + "e" + (exponent < 0 ? "-" : "+") + String(abs(exponent))
        }
    }
}

/// A whole number of any size, in groups of nine decimal digits, the lowest first.
private struct BigDecimal {
    private static let base: UInt64 = 1_000_000_000
    private var groups: [UInt64] = []

    init(_ value: UInt64) {
        var rest = value
        while rest > 0 {
            groups.append(rest % Self.base)
            rest /= Self.base
        }
    }

    mutating func multiply(by factor: UInt64) {
        var carry: UInt64 = 0
        for index in groups.indices {
            let product = groups[index] * factor + carry
            groups[index] = product % Self.base
            carry = product / Self.base
        }
        if carry > 0 { groups.append(carry) }
    }

    var digits: [UInt8] {
        var result: [UInt8] = []
        for group in groups {
            var rest = group
            for _ in 0..<9 {
                result.append(UInt8(rest % 10))
                rest /= 10
            }
        }
        return result.reversed()
    }
}
