extension Builtin {
    /// Functions that write texts in other alphabets.
    static let encodings: [Builtin] = [
        Builtin("base64encode", "<s-:s>", arity: 1) { call throws(Fault) in
            guard let text = call.string(0) else { return .undefined }
            // As JavaScript's `btoa`: each UTF-16 code unit is one byte.
            return try call.text(Base64.encoded(text.utf16.map { UInt8(truncatingIfNeeded: $0) }))
        },
        Builtin("base64decode", "<s-:s>", arity: 1) { call throws(Fault) in
            guard let text = call.string(0) else { return .undefined }
            var decoded = String.UnicodeScalarView()
            for byte in Base64.decoded(text) { decoded.append(Unicode.Scalar(byte)) }
            return try call.text(String(decoded))
        },
        Builtin("encodeUrlComponent", "<s-:s>", arity: 1) { call throws(Fault) in
            try encoded(call, keeping: "", "encodeUrlComponent")
        },
        Builtin("encodeUrl", "<s-:s>", arity: 1) { call throws(Fault) in
            try encoded(call, keeping: PercentEncoding.reserved, "encodeUrl")
        },
        Builtin("decodeUrlComponent", "<s-:s>", arity: 1) { call throws(Fault) in
            try decoded(call, keeping: "", "decodeUrlComponent")
        },
        Builtin("decodeUrl", "<s-:s>", arity: 1) { call throws(Fault) in
            try decoded(call, keeping: PercentEncoding.reserved, "decodeUrl")
        },
    ]

    private static func encoded(_ call: Invocation, keeping kept: String, _ name: String) throws(Fault) -> Value {
        guard let text = call.string(0) else { return .undefined }
        // U+FFFD is what half a surrogate pair, which has no encoding, became when the text was read.
        if text.unicodeScalars.contains("\u{FFFD}") {
            throw Fault("D3140", .init(value: call[0].quoted, function: name))
        }
        return try call.text(PercentEncoding.encoded(text, keeping: kept))
    }

    private static func decoded(_ call: Invocation, keeping kept: String, _ name: String) throws(Fault) -> Value {
        guard let text = call.string(0) else { return .undefined }
        guard let decoded = PercentEncoding.decoded(text, keeping: kept) else {
            throw Fault("D3140", .init(value: call[0].quoted, function: name))
        }
        return try call.text(decoded)
    }
}

/// JavaScript's `encodeURI` and its like.
enum PercentEncoding {
    /// What separates the parts of a URL.
    static let reserved = ";/?:@&=+$,#"
    private static let plain = Set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()".utf8
    )

    static func encoded(_ text: String, keeping kept: String) -> String {
        let kept = Set(kept.utf8)
        var result: [UInt8] = []
        for byte in text.utf8 {
            if plain.contains(byte) || kept.contains(byte) {
                result.append(byte)
            } else {
                result += Array("%".utf8) + [digit(byte >> 4), digit(byte & 15)]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The text; `nil` if it is malformed, or if what it encodes is not UTF-8.
    static func decoded(_ text: String, keeping kept: String) -> String? {
        let kept = Set(kept.utf8)
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "%") else {
                result.append(bytes[index])
                index += 1
                continue
            }
            guard index + 2 < bytes.count, let high = value(bytes[index + 1]), let low = value(bytes[index + 2])
            else { return nil }
            let byte = high << 4 | low
            if kept.contains(byte) { result += bytes[index...index + 2] } else { result.append(byte) }
            index += 3
        }
        return String(validating: result, as: UTF8.self)
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x37 + value }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x37
        case 0x61...0x66: digit - 0x57
        default: nil
        }
    }
}

/// Base64, as lenient as Node's: what is not of its alphabet is passed over.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encoded(_ bytes: [UInt8]) -> String {
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let group = bytes[index..<min(index + 3, bytes.count)]
            var bits: UInt32 = 0
            for offset in 0..<3 { bits = bits << 8 | UInt32(index + offset < bytes.count ? bytes[index + offset] : 0) }
            for place in 0..<4 {
                let digit = alphabet[Int(bits >> UInt32(18 - 6 * place) & 63)]
                result.append(place <= group.count ? digit : UInt8(ascii: "="))
            }
            index += 3
        }
        return String(decoding: result, as: UTF8.self)
    }

    static func decoded(_ text: String) -> [UInt8] {
        var result: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in text.utf8 {
            let value: UInt32
            switch byte {
            case 0x41...0x5A: value = UInt32(byte - 0x41)
            case 0x61...0x7A: value = UInt32(byte - 0x61 + 26)
            case 0x30...0x39: value = UInt32(byte - 0x30 + 52)
            case UInt8(ascii: "+"), UInt8(ascii: "-"): value = 62
            case UInt8(ascii: "/"), UInt8(ascii: "_"): value = 63
            case UInt8(ascii: "="): return result
            default: continue
            }
            bits = bits << 6 | value
            count += 6
            if count >= 8 {
                count -= 8
                result.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return result
    }
}
