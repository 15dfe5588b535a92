/// An element of the XML in which S3 answers: its text and the elements in it.
///
/// Of XML it knows what S3 sends: elements, text with references to characters, declarations and comments. Attributes and
/// the prefixes of names are dropped. Anything else is an error, nesting ends at 32.
struct XMLElement {
    private(set) var name = ""
    private(set) var text = ""
    private(set) var children: [XMLElement] = []

    /// The first element of a name in this one.
    subscript(name: String) -> XMLElement? { children.first { $0.name == name } }

    /// Reads a document; `nil` if it is none.
    init?(parsing bytes: [UInt8]) {
        var open: [XMLElement] = [XMLElement()]
        var rest = bytes[...]
        while !rest.isEmpty {
            guard rest.first == UInt8(ascii: "<") else {
                let text = rest.prefix { $0 != UInt8(ascii: "<") }
                rest = rest.dropFirst(text.count)
                guard let decoded = Self.decoded(text) else { return nil }
                open[open.count - 1].text += decoded
                continue
            }
            if rest.starts(with: "<!--".utf8) {
                guard let end = Self.end(of: "-->", in: rest) else { return nil }
                rest = rest[end...]
                continue
            }
            guard let close = rest.firstIndex(of: UInt8(ascii: ">")) else { return nil }
            let tag = rest[(rest.startIndex + 1)..<close]
            rest = rest[(close + 1)...]
            switch tag.first {
            case UInt8(ascii: "?"): continue
            case UInt8(ascii: "!"): return nil
            case UInt8(ascii: "/"):
                guard open.count > 1, let element = open.popLast(), element.name == Self.name(tag.dropFirst()) else {
                    return nil
                }
                open[open.count - 1].children.append(element)
            default:
                var element = XMLElement()
                element.name = Self.name(tag)
                guard !element.name.isEmpty, open.count < 32 else { return nil }
                if tag.last == UInt8(ascii: "/") {
                    open[open.count - 1].children.append(element)
                } else {
                    open.append(element)
                }
            }
        }
        guard open.count == 1, open[0].children.count == 1 else { return nil }
        self = open[0].children[0]
    }

    private init() {}

    private static func name(_ tag: ArraySlice<UInt8>) -> String {
        let name = tag.prefix { $0 > 0x20 && $0 != UInt8(ascii: "/") }
        let local = name.lastIndex(of: UInt8(ascii: ":")).map { name[($0 + 1)...] } ?? name
        return String(decoding: local, as: UTF8.self)
    }

    private static func end(of mark: String, in bytes: ArraySlice<UInt8>) -> Int? {
        let mark = Array(mark.utf8)
        return bytes.indices.first { bytes[$0...].starts(with: mark) }.map { $0 + mark.count }
    }

    /// Resolves the references in a text.
    private static func decoded(_ text: ArraySlice<UInt8>) -> String? {
        guard text.contains(UInt8(ascii: "&")) else { return String(decoding: text, as: UTF8.self) }
        var result = ""
        for (index, part) in text.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false).enumerated() {
            guard index > 0 else {
                result += String(decoding: part, as: UTF8.self)
                continue
            }
            guard let end = part.firstIndex(of: UInt8(ascii: ";")) else { return nil }
            switch String(decoding: part[..<end], as: UTF8.self) {
            case "lt": result += "<"
            case "gt": result += ">"
            case "amp": result += "&"
            case "quot": result += "\""
            case "apos": result += "'"
            case let reference:
                let isHexadecimal = reference.hasPrefix("#x")
                let digits = reference.dropFirst(isHexadecimal ? 2 : 1)
                guard reference.hasPrefix("#"), let value = UInt32(digits, radix: isHexadecimal ? 16 : 10),
                    let scalar = Unicode.Scalar(value)
                else { return nil }
                result.unicodeScalars.append(scalar)
            }
            result += String(decoding: part[(end + 1)...], as: UTF8.self)
        }
        return result
    }
}
