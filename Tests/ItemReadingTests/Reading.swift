import ItemReading
import JSON
import Testing

/// Reads all items, the bytes given in pieces of a size.
func items(_ parser: some ItemParser, from bytes: [UInt8], by size: Int = .max) throws(ItemReadingError) -> [Item] {
    var parser = parser
    var items: [Item] = []
    var rest = bytes[...]
    while !rest.isEmpty {
        parser.take(Array(rest.prefix(size)))
        rest = rest.dropFirst(size)
        while let item = try parser.next() { items.append(item) }
    }
    parser.finish()
    while let item = try parser.next() { items.append(item) }
    return items
}

func items(_ parser: some ItemParser, from text: String, by size: Int = .max) throws(ItemReadingError) -> [Item] {
    try items(parser, from: Array(text.utf8), by: size)
}

extension [Item] {
    /// The items' texts.
    var texts: [String] { map(\.value.text) }
}
