/// A number as sign, digits and power of ten: the one form that all spellings of a value share.
struct DecimalForm: Hashable {
    let isNegative: Bool
    /// The significant digits as ASCII, without zeros at either end; empty for 0.
    let digits: [UInt8]
    /// The power of ten of the first digit: 0 for 7, 2 for 700, -1 for 0.7; 0 for 0.
    let exponent: Int

    /// Exponents are clamped to this: beyond it numbers of one sign and the same digits compare as equal.
    private static let greatestExponent = 1_000_000_000_000_000_000

    /// Takes a number apart that JSON's grammar, or Swift's `Double.description`, has spelled.
    init(_ spelling: String) {
        var isNegative = false
        var digits: [UInt8] = []
        var places = 0  // Digits before the point, without leading zeros; negative for zeros behind it.
        var isFraction = false
        var power = 0
        var isNegativePower = false
        var isPower = false
        for byte in spelling.utf8 {
            switch byte {
            case UInt8(ascii: "-"):
                if isPower { isNegativePower = true } else { isNegative = true }
            case UInt8(ascii: "e"), UInt8(ascii: "E"):
                isPower = true
            case UInt8(ascii: "."):
                isFraction = true
            case UInt8(ascii: "0")...UInt8(ascii: "9") where isPower:
                power = min(power * 10 + Int(byte - UInt8(ascii: "0")), Self.greatestExponent / 10)
            case UInt8(ascii: "0") where digits.isEmpty:
                if isFraction { places -= 1 }
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                digits.append(byte)
                if !isFraction { places += 1 }
            default:
                break
            }
        }
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        self.digits = digits
        self.isNegative = isNegative && !digits.isEmpty
        self.exponent = digits.isEmpty ? 0 : places - 1 + (isNegativePower ? -power : power)
    }

    /// The value, if it is an integer of 64 bits.
    var int: Int? {
        guard !digits.isEmpty else { return 0 }
        guard exponent >= digits.count - 1, exponent <= 18 else { return nil }
        let zeros = [UInt8](repeating: UInt8(ascii: "0"), count: exponent + 1 - digits.count)
        return Int((isNegative ? "-" : "") + String(decoding: digits + zeros, as: UTF8.self))
    }

    /// The number as Java's `Double.toString` writes it: plain from 10⁻³ up to 10⁷, otherwise as `1.5E-7`.
    var javaText: String {
        let sign = isNegative ? "-" : ""
        let digits = self.digits.isEmpty ? "0" : String(decoding: self.digits, as: UTF8.self)
        let tail = String(digits.dropFirst())
        switch exponent {
        case -3..<0:
            return sign + "0." + String(repeating: "0", count: -1 - exponent) + digits
        case 0..<7:
            let whole = String(digits.prefix(exponent + 1))
            let fraction = String(digits.dropFirst(exponent + 1))
            let zeros = String(repeating: "0", count: exponent + 1 - whole.count)
            return sign + whole + zeros + "." + (fraction.isEmpty ? "0" : fraction)
        default:
            return sign + digits.prefix(1) + "." + (tail.isEmpty ? "0" : tail) + "E\(exponent)"
        }
    }
}

extension DecimalForm: Comparable {
    static func < (lhs: DecimalForm, rhs: DecimalForm) -> Bool {
        if lhs.sign != rhs.sign { return lhs.sign < rhs.sign }
        return lhs.isNegative ? rhs.isSmaller(than: lhs) : lhs.isSmaller(than: rhs)
    }

    private var sign: Int { digits.isEmpty ? 0 : isNegative ? -1 : 1 }

    /// Compares two numbers that are not 0 by their distance from it.
    private func isSmaller(than other: DecimalForm) -> Bool {
        exponent == other.exponent ? digits.lexicographicallyPrecedes(other.digits) : exponent < other.exponent
    }
}
