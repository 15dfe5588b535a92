import Crypto

/// What a request is known by in logs of both sides: a UUID of version 4.
enum RequestID {
    static func new() -> String {
        var bytes = randomBytes(count: 16)
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = bytes.hexadecimal
        let ends = [8, 12, 16, 20, 32]
        var start = digits.startIndex
        return ends.map { end in
            let stop = digits.index(digits.startIndex, offsetBy: end)
            defer { start = stop }
            return String(digits[start..<stop])
        }.joined(separator: "-")
    }
}
