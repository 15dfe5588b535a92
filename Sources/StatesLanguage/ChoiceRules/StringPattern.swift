/// The pattern of a StringMatches: `*` is any number of characters, `\*` and `\\` stand for themselves.
///
/// Matching takes time linear in pattern and text, however many stars there are. Source: Amazon States Language,
/// "Choice State".
struct StringPattern: Sendable {
    /// The pattern as written.
    let text: String
    /// What stands between the stars; `nil` if the pattern has an open escape.
    private let pieces: [Piece]?

    /// Bytes to be found, and the table that lets the search go on without going back (Knuth, Morris, Pratt).
    private struct Piece: Sendable {
        let bytes: [UInt8]
        let borders: [Int]

        init(_ bytes: [UInt8]) {
            self.bytes = bytes
            var borders = Array(repeating: 0, count: bytes.count)
            var length = 0
            for index in bytes.indices.dropFirst() {
                while length > 0, bytes[index] != bytes[length] { length = borders[length - 1] }
                if bytes[index] == bytes[length] { length += 1 }
                borders[index] = length
            }
            self.borders = borders
        }

        /// Returns where the first occurrence ends.
        func end(in text: ArraySlice<UInt8>) -> Int? {
            guard !bytes.isEmpty else { return text.startIndex }
            var length = 0
            for index in text.indices {
                while length > 0, text[index] != bytes[length] { length = borders[length - 1] }
                if text[index] == bytes[length] { length += 1 }
                if length == bytes.count { return index + 1 }
            }
            return nil
        }
    }

    /// Reads a pattern; one with an open escape is refused only when it is used, as the language says.
    init(_ text: String) {
        self.text = text
        pieces = Self.pieces(of: text)?.map(Piece.init)
    }

    /// Whether the whole of a string is as the pattern says.
    func matches(_ string: String) throws(DataFlowError) -> Bool {
        guard let pieces, let first = pieces.first, let last = pieces.last else { throw .openEscape(pattern: text) }
        let bytes = Array(string.utf8)
        guard pieces.count > 1 else { return bytes == first.bytes }
        guard bytes.count >= first.bytes.count + last.bytes.count, bytes.starts(with: first.bytes) else { return false }
        guard bytes.suffix(last.bytes.count).elementsEqual(last.bytes) else { return false }
        // What stands between the outer pieces is found from left to right, the first occurrence being the best one.
        var rest = bytes[first.bytes.count..<bytes.count - last.bytes.count]
        for piece in pieces.dropFirst().dropLast() {
            guard let end = piece.end(in: rest) else { return false }
            rest = rest[end...]
        }
        return true
    }

    private static func pieces(of text: String) -> [[UInt8]]? {
        var pieces: [[UInt8]] = []
        var piece: [UInt8] = []
        var bytes = text.utf8.makeIterator()
        while let byte = bytes.next() {
            switch byte {
            case UInt8(ascii: "*"):
                pieces.append(piece)
                piece = []
            case UInt8(ascii: "\\"):
                guard let escaped = bytes.next(), escaped == UInt8(ascii: "*") || escaped == UInt8(ascii: "\\") else {
                    return nil
                }
                piece.append(escaped)
            default:
                piece.append(byte)
            }
        }
        return pieces + [piece]
    }
}
