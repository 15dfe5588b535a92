import Crypto

/// The parts of an upload, in a folder of its own.
///
/// As long as they come in order they stand one behind the other in one file, which becomes the object: its bytes are
/// written once. A part that comes otherwise has a file of its own. Parts need not be on the disk before the object is:
/// no upload is gone on with by a machine that has started anew.
struct PartFolder {
    /// A part's bytes.
    struct Piece {
        let file: String
        let range: Range<Int>
    }

    let path: String

    private var whole: String { "\(path)/whole" }

    /// Takes a part, in the place of one of the same number.
    ///
    /// - Returns: What it is told by from another of its number.
    func take(_ bytes: [UInt8], as number: Int) throws(FileSystem.Failure) -> String {
        let etag = hash(bytes, with: .sha256).prefix(16).hexadecimal
        let names = try FileSystem.names(in: path)
        let known = names.filter { $0.hasPrefix("\(number).") }
        let before = names.first { $0.hasPrefix("\(number - 1).") }.flatMap { PartName($0) }
        if let end = number == 1 ? 0 : before?.range?.upperBound, known.isEmpty, try append(bytes, at: end) {
            let name = PartName(number: number, etag: etag, range: end..<end + bytes.count)
            _ = try FileSystem.create("\(path)/\(name)")
            return etag
        }
        let name = PartName(number: number, etag: etag, range: nil).description
        let unfinished = "\(path)/unfinished-\(randomBytes(count: 8).hexadecimal)"
        var pieces = [bytes][...]
        try FileSystem.write(unfinished, to: .memory) { () throws(FileSystem.Failure) in pieces.popFirst() }
        try FileSystem.rename(unfinished, to: "\(path)/\(name)")
        for other in known where other != name { FileSystem.removeFile("\(path)/\(other)") }
        return etag
    }

    /// Where the bytes of parts are, in their order; `nil` if one is not there.
    func pieces(of parts: [UploadedPart]) -> [Piece]? {
        let names = ((try? FileSystem.names(in: path)) ?? []).compactMap { PartName($0) }
        let known = Dictionary(grouping: names, by: \.number)
        var pieces: [Piece] = []
        for part in parts {
            let etag = part.etag.filter { $0 != "\"" && $0 != "/" }
            guard let name = known[part.number]?.first(where: { $0.etag == etag }) else { return nil }
            let file = name.range == nil ? "\(path)/\(name)" : whole
            let range = name.range ?? 0..<part.size
            guard range.count == part.size, let status = try? FileSystem.status(of: file),
                name.range == nil ? status.size == part.size : status.size >= range.upperBound
            else { return nil }
            pieces.append(Piece(file: file, range: range))
        }
        return pieces
    }

    /// Makes a file of pieces, on the disk.
    func join(_ pieces: [Piece], as target: String) throws(FileSystem.Failure) {
        // Nothing is appended from then on: the claim goes with the folder.
        if isWhole(pieces), (try? FileSystem.create("\(path)/appending")) == true, isWhole(pieces),
            (try? FileSystem.link(whole, as: target)) != nil
        {
            return try FileSystem.sync(target)
        }
        var rest = pieces[...]
        try FileSystem.write(target) { () throws(FileSystem.Failure) in
            guard let piece = rest.popFirst() else { return nil }
            return try FileSystem.read(piece.file, piece.range).bytes
        }
    }

    /// Whether the file of the parts that came in order is what the pieces make.
    private func isWhole(_ pieces: [Piece]) -> Bool {
        var end = 0
        for piece in pieces {
            guard piece.file == whole, piece.range.lowerBound == end else { return false }
            end = piece.range.upperBound
        }
        return (try? FileSystem.status(of: whole))?.size == end
    }

    /// Appends a part to those that came in order before it; returns whether it could.
    private func append(_ bytes: [UInt8], at end: Int) throws(FileSystem.Failure) -> Bool {
        let claim = "\(path)/appending"
        // Somebody may be uploading the same part.
        guard try FileSystem.create(claim) else { return false }
        defer { FileSystem.removeFile(claim) }
        let size = (try? FileSystem.status(of: whole))?.size ?? 0
        guard size == end else { return false }
        var pieces = [bytes][...]
        try FileSystem.write(whole, at: end, to: .memory) { () throws(FileSystem.Failure) in pieces.popFirst() }
        return true
    }
}

/// What a part is called in its folder: `2.etag`, or `2.etag@0-5` where it is a range of the parts that came in order.
private struct PartName: CustomStringConvertible {
    let number: Int
    let etag: String
    let range: Range<Int>?

    init(number: Int, etag: String, range: Range<Int>?) {
        self.number = number
        self.etag = etag
        self.range = range
    }

    init?(_ text: String) {
        let halves = text.split(separator: "@")
        let parts = halves.first?.split(separator: ".") ?? []
        guard parts.count == 2, let number = Int(parts[0]) else { return nil }
        self.init(number: number, etag: String(parts[1]), range: halves.count > 1 ? Self.range(halves[1]) : nil)
    }

    private static func range(_ text: Substring) -> Range<Int>? {
        let ends = text.split(separator: "-").compactMap { Int($0) }
        return ends.count == 2 && ends[0] <= ends[1] ? ends[0]..<ends[1] : nil
    }

    var description: String {
        "\(number).\(etag)" + (range.map { "@\($0.lowerBound)-\($0.upperBound)" } ?? "")
    }
}
