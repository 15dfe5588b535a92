/// A UUID: 16 bytes, ordered as PostgreSQL orders them.
package struct UUIDValue: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The first eight bytes, big-endian.
    package var high: UInt64
    /// The last eight bytes, big-endian.
    package var low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Reads the usual form of 32 hexadecimal digits, hyphens anywhere; `nil` when it is none.
    package init?(_ text: String) {
        var digits = 0
        var value = UUIDValue(high: 0, low: 0)
        for byte in text.utf8 where byte != UInt8(ascii: "-") {
            guard digits < 32, let digit = Self.digit(byte) else { return nil }
            value.high = value.high << 4 | value.low >> 60
            value.low = value.low << 4 | digit
            digits += 1
        }
        guard digits == 32 else { return nil }
        self = value
    }

    /// The 16 bytes, in order.
    package var bytes: [UInt8] {
        (0..<16).map { index in UInt8(truncatingIfNeeded: (index < 8 ? high : low) >> (56 - 8 * UInt64(index % 8))) }
    }

    /// Lower case, with hyphens: `0190b2c8-7c3a-7000-8000-000000000000`.
    package var description: String {
        unsafe String(unsafeUninitializedCapacity: 36) { buffer in
            var index = 0
            for digit in 0..<32 {
                if digit == 8 || digit == 12 || digit == 16 || digit == 20 {
                    unsafe buffer[index] = UInt8(ascii: "-")
                    index += 1
                }
                let nibble = UInt8((digit < 16 ? high : low) >> (60 - 4 * UInt64(digit % 16)) & 0xF)
                unsafe buffer[index] = nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
                index += 1
            }
            return index
        }
    }

    package static func < (one: UUIDValue, other: UUIDValue) -> Bool {
        one.high == other.high ? one.low < other.low : one.high < other.high
    }

    private static func digit(_ byte: UInt8) -> UInt64? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
