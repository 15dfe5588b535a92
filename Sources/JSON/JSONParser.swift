/// Builds a value from UTF-8 that is known to be valid UTF-8.
struct JSONParser {
    private var scanner = JSONScanner()
    private let duplicateKeys: DuplicateKeys
    private let maximumDepth: Int
    /// Where the parser stands; kept only while duplicate names are refused, since nothing else says where.
    private var path: [String] = []

    init(duplicateKeys: DuplicateKeys, maximumDepth: Int = JSONValue.maximumDepth) {
        self.duplicateKeys = duplicateKeys
        self.maximumDepth = maximumDepth
    }

    /// Parses all of a text.
    mutating func document(_ bytes: Span<UInt8>) throws(JSONError) -> JSONValue {
        scanner.whitespace(in: bytes)
        let value = try value(in: bytes, depth: maximumDepth)
        scanner.whitespace(in: bytes)
        guard scanner.offset == bytes.count else {
            throw scanner.fault("expected nothing behind the value", in: bytes)
        }
        return value
    }

    private mutating func value(in bytes: Span<UInt8>, depth: Int) throws(JSONError) -> JSONValue {
        switch scanner.peek(bytes) {
        case UInt8(ascii: "\""):
            return .string(Self.text(of: try scanner.string(in: bytes), in: bytes))
        case UInt8(ascii: "{"):
            return .object(try object(in: bytes, depth: depth))
        case UInt8(ascii: "["):
            return .array(try array(in: bytes, depth: depth))
        case UInt8(ascii: "t"):
            try scanner.word("true", in: bytes)
            return .bool(true)
        case UInt8(ascii: "f"):
            try scanner.word("false", in: bytes)
            return .bool(false)
        case UInt8(ascii: "n"):
            try scanner.word("null", in: bytes)
            return .null
        default:
            let start = scanner.offset
            try scanner.number(in: bytes)
            return .number(JSONNumber(scanned: Self.text(start..<scanner.offset, of: bytes)))
        }
    }

    private mutating func array(in bytes: Span<UInt8>, depth: Int) throws(JSONError) -> [JSONValue] {
        guard depth > 0 else { throw scanner.fault("nested too deeply", in: bytes) }
        scanner.advance()
        scanner.whitespace(in: bytes)
        var elements: [JSONValue] = []
        if scanner.peek(bytes) == UInt8(ascii: "]") {
            scanner.advance()
            return elements
        }
        repeat {
            if duplicateKeys == .refused { path.append(String(elements.count)) }
            elements.append(try value(in: bytes, depth: depth - 1))
            if duplicateKeys == .refused { path.removeLast() }
        } while try scanner.hasMore(in: bytes, closing: UInt8(ascii: "]"))
        return elements
    }

    private mutating func object(in bytes: Span<UInt8>, depth: Int) throws(JSONError) -> JSONObject {
        guard depth > 0 else { throw scanner.fault("nested too deeply", in: bytes) }
        scanner.advance()
        scanner.whitespace(in: bytes)
        var members = JSONObject()
        if scanner.peek(bytes) == UInt8(ascii: "}") {
            scanner.advance()
            return members
        }
        repeat {
            let name = try scanner.name(in: bytes)
            let key = Self.text(of: name, in: bytes)
            switch duplicateKeys {
            case .lastWins:
                members[key] = try value(in: bytes, depth: depth - 1)
            case .refused:
                path.append(key)
                guard members.insert(try value(in: bytes, depth: depth - 1), forKey: key) else {
                    let place = JSONPointer(steps: path)
                    throw JSONError("duplicate member", at: name.content.lowerBound - 1, in: bytes, pointer: place)
                }
                path.removeLast()
            }
        } while try scanner.hasMore(in: bytes, closing: UInt8(ascii: "}"))
        return members
    }
}

extension JSONParser {
    /// Returns what a scanned string says, with its escapes resolved; a surrogate without its other half is U+FFFD.
    private static func text(of string: ScannedString, in bytes: Span<UInt8>) -> String {
        guard string.hasEscapes else { return text(string.content, of: bytes) }
        var result: [UInt8] = []
        result.reserveCapacity(string.content.count)
        var offset = string.content.lowerBound
        while offset < string.content.upperBound {
            let byte = bytes[offset]
            guard byte == UInt8(ascii: "\\") else {
                result.append(byte)
                offset += 1
                continue
            }
            let letter = bytes[offset + 1]
            offset += 2
            switch letter {
            case UInt8(ascii: "b"): result.append(0x08)
            case UInt8(ascii: "f"): result.append(0x0C)
            case UInt8(ascii: "n"): result.append(0x0A)
            case UInt8(ascii: "r"): result.append(0x0D)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "u"):
                result.append(
                    contentsOf: UTF8.encode(scalar(at: &offset, in: bytes)) ?? UTF8.encodedReplacementCharacter
                )
            default: result.append(letter)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Reads the digits of a `\u` escape, and the low surrogate's whole escape behind a high one.
    private static func scalar(at offset: inout Int, in bytes: Span<UInt8>) -> Unicode.Scalar {
        let unit = codeUnit(at: offset, in: bytes)
        offset += 4
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard UTF16.isLeadSurrogate(unit), offset + 6 <= bytes.count, bytes[offset] == UInt8(ascii: "\\"),
            bytes[offset + 1] == UInt8(ascii: "u")
        else { return "\u{FFFD}" }
        let low = codeUnit(at: offset + 2, in: bytes)
        guard UTF16.isTrailSurrogate(low) else { return "\u{FFFD}" }
        offset += 6
        let pair = 0x10000 + (UInt32(unit & 0x3FF) << 10 | UInt32(low & 0x3FF))
        return Unicode.Scalar(pair) ?? "\u{FFFD}"
    }

    /// The value of four hexadecimal digits that the scanner has seen.
    private static func codeUnit(at offset: Int, in bytes: Span<UInt8>) -> UInt16 {
        (0..<4).reduce(0) { $0 << 4 | (bytes[offset + $1].hexDigitValue ?? 0) }
    }

    private static func text(_ range: Range<Int>, of bytes: Span<UInt8>) -> String {
        // The bytes are UTF-8 and the grammar's boundaries are ASCII, so a range between them is UTF-8 as well.
        guard let span = try? UTF8Span(validating: bytes.extracting(range)) else { return "" }
        return String(copying: span)
    }
}
