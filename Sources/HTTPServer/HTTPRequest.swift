/// A request, complete with its body.
package struct HTTPRequest: Sendable {
    /// The method as sent, such as `POST`.
    package let method: String
    /// The path and the query as sent, still percent-encoded.
    package let target: String
    /// The header fields.
    package let headers: HTTPHeaders
    /// The body; empty when there was none, or when it was larger than the server takes.
    package let body: [UInt8]
    /// The client's numeric address without a port, when the system knows it.
    package let remoteAddress: String?
    /// The path, percent-decoded: the slash of `%2F` is no longer told from others.
    package let path: String

    package init(
        method: String,
        target: String,
        headers: HTTPHeaders = [:],
        body: [UInt8] = [],
        remoteAddress: String? = nil
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.remoteAddress = remoteAddress
        self.path = Self.decoded(target.utf8.prefix { $0 != UInt8(ascii: "?") }, plusIsSpace: false)
    }

    /// The segments of the path, each percent-decoded by itself: `/functions/a%2Fb` gives `functions` and `a/b`.
    package var pathSegments: [String] {
        target.utf8.prefix { $0 != UInt8(ascii: "?") }
            .split(separator: UInt8(ascii: "/"))
            .map { Self.decoded($0, plusIsSpace: false) }
    }

    /// The names and values of the query, decoded, in order; a name without `=` has an empty value.
    package var queryItems: [(name: String, value: String)] {
        guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return [] }
        return target.utf8[target.utf8.index(after: mark)...].split(separator: UInt8(ascii: "&")).map { item in
            let name = item.prefix { $0 != UInt8(ascii: "=") }
            let value = item.dropFirst(name.count + 1)
            return (name: Self.decoded(name, plusIsSpace: true), value: Self.decoded(value, plusIsSpace: true))
        }
    }

    /// The decoded value of the first item of that name in the query.
    package func query(_ name: String) -> String? { queryItems.first { $0.name == name }?.value }

    /// The body as text; bytes that are not UTF-8 become U+FFFD.
    package var text: String { String(decoding: body, as: UTF8.self) }

    private static func decoded(_ bytes: Substring.UTF8View, plusIsSpace: Bool) -> String {
        guard bytes.contains(where: { $0 == UInt8(ascii: "%") || (plusIsSpace && $0 == UInt8(ascii: "+")) }) else {
            return String(Substring(bytes))
        }
        var result: [UInt8] = []
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let high = hexadecimal(rest.first),
                let low = hexadecimal(rest.dropFirst().first)
            {
                result.append(high << 4 | low)
                rest = rest.dropFirst(2)
            } else {
                result.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func hexadecimal(_ byte: UInt8?) -> UInt8? {
        guard let byte else { return nil }
        return switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
