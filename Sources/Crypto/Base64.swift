private let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

/// The value of each byte as a digit; 64 for those that are none.
private let digits: [UInt8] = {
    var digits = [UInt8](repeating: 64, count: 256)
    for (value, byte) in alphabet.enumerated() { digits[Int(byte)] = UInt8(value) }
    return digits
}()

extension Collection<UInt8> {
    /// The bytes in Base64 with the standard alphabet, padded (RFC 4648, section 4).
    package var base64: String {
        var text: [UInt8] = []
        text.reserveCapacity((count + 2) / 3 * 4)
        var group: UInt32 = 0
        var filled = 0
        for byte in self {
            group = group << 8 | UInt32(byte)
            filled += 1
            guard filled == 3 else { continue }
            for shift in [18, 12, 6, 0] as [UInt32] { text.append(alphabet[Int(group >> shift & 0x3F)]) }
            group = 0
            filled = 0
        }
        if filled > 0 {
            group <<= 8 * UInt32(3 - filled)
            for shift in [18, 12, 6, 0].prefix(filled + 1) as ArraySlice<UInt32> {
                text.append(alphabet[Int(group >> shift & 0x3F)])
            }
            text += repeatElement(UInt8(ascii: "="), count: 3 - filled)
        }
        return String(decoding: text, as: UTF8.self)
    }
}

extension [UInt8] {
    /// The bytes of a text in Base64 with the standard alphabet.
    ///
    /// `nil` for any other: padding must be complete, bits beyond the last byte must be 0, white space is not skipped.
    package init?(base64 text: String) {
        var characters = Array(text.utf8)
        guard characters.count.isMultiple(of: 4) else { return nil }
        var padding = 0
        while padding < 2, characters.last == UInt8(ascii: "=") {
            characters.removeLast()
            padding += 1
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(characters.count / 4 * 3 + 2)
        var group: UInt32 = 0
        var bits: UInt32 = 0
        for character in characters {
            let digit = digits[Int(character)]
            guard digit < 64 else { return nil }
            group = group << 6 | UInt32(digit)
            bits += 6
            guard bits >= 8 else { continue }
            bits -= 8
            bytes.append(UInt8(truncatingIfNeeded: group >> bits))
            group &= (1 << bits) - 1
        }
        guard group == 0 else { return nil }
        self = bytes
    }
}
