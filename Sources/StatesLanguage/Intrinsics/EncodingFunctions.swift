import Crypto
import JSON

/// Base64, hashes and UUIDs.
extension IntrinsicEvaluator {
    func base64Encode(_ values: IntrinsicValues) throws(IntrinsicFailure) -> JSONValue {
        let text = try values.string(0)
        try values.checkLength(text)
        return .string(text.utf8.base64)
    }

    /// The text that was encoded; bytes that are not UTF-8 become U+FFFD.
    ///
    /// As lenient as the service's decoder: other characters than the alphabet's, that of URLs included, are skipped, the
    /// first `=` ends the text, and a character too many is dropped.
    func base64Decode(_ values: IntrinsicValues) throws(IntrinsicFailure) -> JSONValue {
        let text = try values.string(0)
        try values.checkLength(text)
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in text.utf8.prefix(while: { $0 != UInt8(ascii: "=") }) {
            guard let sextet = Self.sextet(byte) else { continue }
            bits = bits << 6 | sextet
            count += 6
            guard count >= 8 else { continue }
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        }
        return .string(String(decoding: bytes, as: UTF8.self))
    }

    private static func sextet(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a") + 26)
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0") + 52)
        case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        default: nil
        }
    }

    /// The digest of a string, or of another value's JSON, in lower-case hexadecimal digits.
    func hash(_ values: IntrinsicValues) throws(IntrinsicFailure) -> JSONValue {
        let text = values[0].string ?? values[0].text
        try values.checkLength(text)
        guard !values[0].isNull, let algorithm = HashAlgorithm(rawValue: try values.string(1)) else {
            throw values.invalid()
        }
        return .string(Crypto.hash(text.utf8, with: algorithm).hexadecimal)
    }

    /// A UUID of version 4, in lower case.
    func uuid(using generator: inout some RandomNumberGenerator) -> JSONValue {
        .string(UUIDText.version4(generator.next(), generator.next()))
    }
}

/// The text of UUIDs.
package enum UUIDText {
    /// A UUID of version 4 made of random numbers, in lower case.
    package static func version4(_ first: UInt64, _ second: UInt64) -> String {
        let high = (first & ~0xF000) | 0x4000
        let low = (second & ~(0b11 << 62)) | (0b10 << 62)
        let digits = Array((hexadecimal(high) + hexadecimal(low)).utf8)
        let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32]
        return groups.map { String(decoding: digits[$0], as: UTF8.self) }.joined(separator: "-")
    }

    private static func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
