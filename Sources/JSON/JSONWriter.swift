/// Writes values as JSON, compactly or indented.
///
/// Control characters are escaped, U+0000 among them, so that any text store can hold what is written; what is not
/// ASCII stands as it is.
struct JSONWriter {
    private var bytes: [UInt8] = []
    private let pretty: Bool
    private var indentation = 0

    init(pretty: Bool) { self.pretty = pretty }

    /// What has been written.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    mutating func write(_ value: JSONValue) {
        switch value {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .number(let value): bytes.append(contentsOf: value.spelling.utf8)
        case .string(let value): write(value)
        case .array(let elements): write(elements)
        case .object(let members): write(members)
        }
    }

    private mutating func write(_ elements: [JSONValue]) {
        open(UInt8(ascii: "["))
        var isFirst = true
        for element in elements {
            separate(isFirst: isFirst)
            isFirst = false
            write(element)
        }
        close(UInt8(ascii: "]"), isEmpty: isFirst)
    }

    private mutating func write(_ members: JSONObject) {
        open(UInt8(ascii: "{"))
        var isFirst = true
        for member in members {
            separate(isFirst: isFirst)
            isFirst = false
            write(member.key)
            bytes.append(UInt8(ascii: ":"))
            if pretty { bytes.append(UInt8(ascii: " ")) }
            write(member.value)
        }
        close(UInt8(ascii: "}"), isEmpty: isFirst)
    }

    private mutating func write(_ string: String) { bytes.append(jsonString: string) }

    private mutating func open(_ bracket: UInt8) {
        bytes.append(bracket)
        indentation += 1
    }

    private mutating func separate(isFirst: Bool) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        breakLine()
    }

    private mutating func close(_ bracket: UInt8, isEmpty: Bool) {
        indentation -= 1
        if !isEmpty { breakLine() }
        bytes.append(bracket)
    }

    private mutating func breakLine() {
        guard pretty else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * indentation))
    }
}
