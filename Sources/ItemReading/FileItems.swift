/// What a file's items are written in, and which of them are wanted.
package struct FileFormat: Sendable, Hashable {
    /// The formats, without those of manifests, which name files.
    package enum Kind: Sendable, Hashable {
        case csv(CSVDialect)
        /// - Parameter pointer: Where the array or object is, as RFC 6901 writes it.
        case json(pointer: String?)
        case jsonLines
        /// Known, so that it can be refused by name.
        case parquet
    }

    package var kind: Kind
    /// Whether a JSON object's members may be mapped over, as AWS has it since 2025; before it refused objects.
    package var acceptsObjects: Bool

    package init(_ kind: Kind, acceptsObjects: Bool = true) {
        self.kind = kind
        self.acceptsObjects = acceptsObjects
    }
}

/// Reads the items of one file, whatever its format.
package struct FileItems: ItemParser {
    private var parser: any ItemParser

    /// A reader at the start of a file, or behind one of its items.
    ///
    /// - Parameters:
    ///   - format: How the file is written.
    ///   - columns: What ``columnNames`` was at that item, where the columns' names stand in the first row.
    ///   - cursor: Where to go on.
    /// - Throws: What is wrong with the format: `Parquet is not supported` above all.
    package init(
        _ format: FileFormat,
        columns: [String]? = nil,
        at cursor: ItemCursor = ItemCursor()
    ) throws(ItemReadingError) {
        switch format.kind {
        case .csv(let dialect): parser = try CSVItems(dialect, columns: columns, at: cursor)
        case .json(let pointer):
            let steps = if let pointer { try Self.steps(of: pointer) } else { [String]() }
            parser = JSONItems(pointer: steps, acceptsObjects: format.acceptsObjects, at: cursor)
        case .jsonLines: parser = JSONLines(at: cursor)
        case .parquet: throw .unsupported("Parquet")
        }
    }

    /// The columns' names, once they are known, where there are columns.
    package var columnNames: [String]? { (parser as? CSVItems)?.columnNames }

    package mutating func take(_ bytes: [UInt8]) { parser.take(bytes) }
    package mutating func finish() { parser.finish() }
    package mutating func next() throws(ItemReadingError) -> Item? { try parser.next() }

    /// Takes a JSON pointer apart (RFC 6901): `""` is the whole document, `/a/0` an element of its member `a`.
    private static func steps(of pointer: String) throws(ItemReadingError) -> [String] {
        guard !pointer.isEmpty else { return [] }
        guard pointer.hasPrefix("/") else { throw .malformedPointer(pointer) }
        var steps: [String] = []
        for step in pointer.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            var text: [UInt8] = []
            var rest = step[...]
            while let byte = rest.popFirst() {
                guard byte == UInt8(ascii: "~") else {
                    text.append(byte)
                    continue
                }
                switch rest.popFirst() {
                case UInt8(ascii: "0"): text.append(UInt8(ascii: "~"))
                case UInt8(ascii: "1"): text.append(UInt8(ascii: "/"))
                default: throw .malformedPointer(pointer)
                }
            }
            steps.append(String(decoding: text, as: UTF8.self))
        }
        return steps
    }
}
