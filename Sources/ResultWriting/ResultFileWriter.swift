import StatesLanguage

/// Writes the results of one kind as files, and cuts them into parts that are uploaded one after the other.
///
/// It is a value, and what it does depends on nothing but what it is given: from the same ``Position`` and the same results
/// come the same parts. A part ends between two results, so a part's end is all that has to be remembered to go on behind
/// it. No more than one part is held.
package struct ResultFileWriter: Sendable {
    /// How large parts and files become.
    package struct Limits: Sendable, Hashable {
        /// A part is cut once it has so many bytes; S3 wants at least 5 MiB of every part but a file's last.
        package var partBytes = 8 << 20
        /// The file is ended once it has so many bytes: AWS ends files at 5 GB.
        package var fileBytes = 5_000_000_000
        /// What S3 allows.
        package var parts = 10_000

        package init() {}
    }

    /// Where writing stands, between two parts.
    package struct Position: Sendable, Hashable {
        /// The file, counted from 0, as in `SUCCEEDED_0.json`.
        package var file: Int
        /// How many parts of it there are.
        package var parts: Int
        /// How many bytes of it there are.
        package var bytes: Int

        package init(file: Int = 0, parts: Int = 0, bytes: Int = 0) {
            self.file = file
            self.parts = parts
            self.bytes = bytes
        }
    }

    /// A piece of a file.
    package struct Part: Sendable, Hashable {
        package let file: Int
        /// Counted from 1, as S3 does.
        package let number: Int
        package let bytes: [UInt8]
        /// Whether the file is complete with it; one that is also the first can be put as a whole.
        package let isLast: Bool
        /// Where writing goes on behind it.
        package let next: Position
    }

    private let format: ResultFormat
    private let limits: Limits
    private var position: Position
    private var buffer: [UInt8] = []

    package init(_ format: ResultFormat, limits: Limits = Limits(), at position: Position = Position()) {
        self.format = format
        self.limits = limits
        self.position = position
    }

    /// How many bytes wait for their part.
    package var waitingBytes: Int { buffer.count }

    /// Takes a result.
    ///
    /// - Returns: The part that is complete by it, if one is.
    package mutating func add(_ result: ChildResult) -> Part? {
        var texts = ResultTexts(format)
        texts.add(result)
        return texts.bytes[result.file].flatMap { add($0) }
    }

    /// Takes the texts of results, as ``ResultTexts`` has them for this kind of file.
    ///
    /// - Returns: The part that is complete by them, if one is.
    package mutating func add(_ texts: [UInt8]) -> Part? {
        // A buffer that grows by doubling would end twice as large as a part.
        if buffer.isEmpty { buffer.reserveCapacity(limits.partBytes + limits.partBytes / 8) }
        if format.outputType == .json {
            buffer.append(position.bytes == 0 && buffer.isEmpty ? UInt8(ascii: "[") : UInt8(ascii: ","))
        }
        buffer.append(contentsOf: texts)
        guard buffer.count >= limits.partBytes || position.bytes + buffer.count >= limits.fileBytes else { return nil }
        let isFull = position.bytes + buffer.count >= limits.fileBytes || position.parts + 1 >= limits.parts
        return cut(isLast: isFull)
    }

    /// Says that no more results come.
    ///
    /// - Returns: What is left as the last part of its file; `nil` if there is no file to be ended.
    package mutating func finish() -> Part? {
        guard position.bytes > 0 || !buffer.isEmpty else { return nil }
        return cut(isLast: true)
    }

    private mutating func cut(isLast: Bool) -> Part {
        if isLast, format.outputType == .json { buffer.append(UInt8(ascii: "]")) }
        let next =
            isLast
            ? Position(file: position.file + 1)
            : Position(file: position.file, parts: position.parts + 1, bytes: position.bytes + buffer.count)
        let part = Part(file: position.file, number: position.parts + 1, bytes: buffer, isLast: isLast, next: next)
        position = next
        buffer = []
        return part
    }
}
