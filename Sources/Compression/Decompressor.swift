/// Decompresses a stream piece by piece, with memory that does not grow with either side of it.
///
/// Bytes are put in with ``take(_:)`` and drawn out with ``next()`` until that has no more; a piece that was made to
/// grow a thousandfold comes out in pieces of the usual size. Several members or frames behind each other, as
/// parallel compressors write them, are one stream. Used by one task at a time.
package final class Decompressor {
    /// The most that ``next()`` gives at once.
    package static let pieceBytes = 64 << 10

    private let kind: Compression
    private let codec: any Codec
    private var input: [UInt8] = []
    private var used = 0
    /// The compressed bytes in front of `input`.
    private var offset = 0
    /// Whether nothing is owed: no stream is of no bytes.
    private var isEnded = false

    package init(_ kind: Compression) throws(CompressionError) {
        self.kind = kind
        switch kind {
        case .gzip: codec = try GzipCodec()
        case .zstd: codec = try ZstdCodec()
        }
    }

    /// Puts compressed bytes behind those that are there.
    package func take(_ bytes: [UInt8]) {
        offset += used
        if used == input.count { input = bytes } else { input = Array(input[used...]) + bytes }
        used = 0
    }

    /// Returns the next decompressed bytes, or `nil` when it needs more.
    package func next() throws(CompressionError) -> [UInt8]? {
        while true {
            let step = try codec.step(
                input[used...],
                limit: Self.pieceBytes,
                fault: .corrupt(kind, offset: offset + used)
            )
            used += step.used
            // Between two members nothing is owed; an idle step at such a place says nothing new.
            if step.used > 0 || !step.output.isEmpty { isEnded = step.isEnded }
            if !step.output.isEmpty { return step.output }
            if step.used == 0 { return nil }
        }
    }

    /// Says that no more bytes come; there must not be any left in the middle of a stream.
    package func finish() throws(CompressionError) {
        guard isEnded, used == input.count else { throw .truncated(kind, offset: offset + used) }
    }
}

/// One step of a library's decompression.
struct CodecStep {
    /// How many bytes of input were used.
    let used: Int
    let output: [UInt8]
    /// Whether a member or a frame has just ended.
    let isEnded: Bool
}

/// A library that decompresses.
protocol Codec: AnyObject {
    /// Decompresses as much of the input as fills at most `limit` bytes.
    ///
    /// - Parameters:
    ///   - input: The bytes that are there.
    ///   - limit: How much is wanted at most.
    ///   - fault: What to throw when the input is not what it should be.
    /// - Returns: What was used, and what came of it.
    /// - Throws: `fault`, or that there is no memory.
    func step(
        _ input: ArraySlice<UInt8>,
        limit: Int,
        fault: CompressionError
    ) throws(CompressionError) -> CodecStep
}
