/// The id of a trace: 16 bytes, not all of them zero.
package struct TraceID: Sendable, Hashable, CustomStringConvertible {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// 32 lower-case hexadecimal digits.
    package var description: String { high.hexadecimal + low.hexadecimal }
}

/// The id of a span: 8 bytes, not all of them zero.
package struct SpanID: Sendable, Hashable, CustomStringConvertible {
    package let rawValue: UInt64

    package init(_ rawValue: UInt64) { self.rawValue = rawValue }

    /// 16 lower-case hexadecimal digits.
    package var description: String { rawValue.hexadecimal }
}

/// What is passed on so that spans of several programs belong together: the trace, the span that is the parent of what
/// comes, and whether anybody records it.
///
/// Two spellings are known. Source: W3C Trace Context, section 3.2 (`traceparent`); AWS X-Ray Developer Guide, "Tracing
/// header" (`X-Amzn-Trace-Id`).
package struct TraceContext: Sendable, Hashable {
    package var trace: TraceID
    package var span: SpanID
    package var isSampled: Bool

    package init(trace: TraceID, span: SpanID, isSampled: Bool = true) {
        self.trace = trace
        self.span = span
        self.isSampled = isSampled
    }

    /// Reads `00-<trace>-<span>-<flags>`; `nil` for what the specification says to ignore.
    package init?(traceparent text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[0].utf8.count == 2, let version = UInt8(hexadecimal: parts[0]), version < 0xFF,
            version > 0 || parts.count == 4, parts[1].utf8.count == 32,
            let high = UInt64(hexadecimal: parts[1].prefix(16)), let low = UInt64(hexadecimal: parts[1].suffix(16)),
            parts[2].utf8.count == 16, let span = UInt64(hexadecimal: parts[2]), parts[3].utf8.count == 2,
            let flags = UInt8(hexadecimal: parts[3]), high | low != 0, span != 0
        else { return nil }
        self.init(trace: TraceID(high: high, low: low), span: SpanID(span), isSampled: flags & 1 == 1)
    }

    /// Reads `Root=1-<8 digits>-<24 digits>;Parent=<16 digits>;Sampled=1`; `nil` where it names no root or no parent.
    ///
    /// A decision that is left to who reads it (`Sampled=?`, or none) is one to record.
    package init?(xray text: String) {
        var fields: [Substring: Substring] = [:]
        for field in text.split(separator: ";") {
            let pair = field.split(separator: "=", maxSplits: 1)
            if pair.count == 2 { fields[pair[0].trimmed] = pair[1].trimmed }
        }
        guard let root = fields["Root"]?.split(separator: "-"), root.count == 3, root[0] == "1",
            root[1].utf8.count == 8, root[2].utf8.count == 24, let parent = fields["Parent"]
        else { return nil }
        let trace = root[1] + root[2]
        self.init(
            traceparent: "00-\(trace.lowercased())-\(parent.lowercased())-\(fields["Sampled"] == "0" ? "00" : "01")"
        )
    }

    /// As `traceparent` has it.
    package var traceparent: String { "00-\(trace)-\(span)-\(isSampled ? "01" : "00")" }

    /// As `X-Amzn-Trace-Id` and `Lambda-Runtime-Trace-Id` have it.
    package var xray: String {
        let trace = trace.description
        return "Root=1-\(trace.prefix(8))-\(trace.dropFirst(8));Parent=\(span);Sampled=\(isSampled ? 1 : 0)"
    }
}

extension UInt64 {
    /// 16 lower-case hexadecimal digits.
    fileprivate var hexadecimal: String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}

extension FixedWidthInteger {
    /// Reads lower-case hexadecimal digits and nothing else.
    fileprivate init?(hexadecimal text: Substring) {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        let letters = UInt8(ascii: "a")...UInt8(ascii: "f")
        guard text.utf8.allSatisfy({ digits.contains($0) || letters.contains($0) }) else { return nil }
        self.init(text, radix: 16)
    }
}

extension Substring {
    /// Without the spaces around it.
    fileprivate var trimmed: Substring {
        let rest = drop { $0 == " " }
        guard let last = rest.lastIndex(where: { $0 != " " }) else { return rest }
        return rest[...last]
    }
}
