import Compression
import Testing

@Suite("A decompressor")
struct DecompressorTests {
    /// What `printf 'hello hello hello\n'` gives through `gzip -n` and `zstd`.
    static let samples: [(Compression, [UInt8])] = [
        (
            .gzip,
            [
                0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0x57,
                0xC8, 0x40, 0x90, 0x5C, 0x00, 0x3B, 0x7C, 0x8A, 0xDF, 0x12, 0x00, 0x00, 0x00,
            ]
        ),
        (
            .zstd,
            [
                0x28, 0xB5, 0x2F, 0xFD, 0x20, 0x12, 0x6D, 0x00, 0x00, 0x38, 0x68, 0x65, 0x6C, 0x6C, 0x6F, 0x20,
                0x0A, 0x01, 0x00, 0x31, 0x4A, 0x11,
            ]
        ),
    ]

    func text(_ kind: Compression, _ bytes: [UInt8], by size: Int) throws -> String {
        let decompressor = try Decompressor(kind)
        var output: [UInt8] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            decompressor.take(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
            while let piece = try decompressor.next() { output += piece }
        }
        try decompressor.finish()
        return String(decoding: output, as: UTF8.self)
    }

    @Test("gives back what was compressed, in whatever pieces it comes", arguments: samples)
    func pieces(kind: Compression, bytes: [UInt8]) throws {
        for size in [1, 2, 5, 1000] { #expect(try text(kind, bytes, by: size) == "hello hello hello\n") }
    }

    @Test("reads several streams behind each other as one", arguments: samples)
    func members(kind: Compression, bytes: [UInt8]) throws {
        for size in [1, 7, 1000] {
            #expect(try text(kind, bytes + bytes, by: size) == "hello hello hello\nhello hello hello\n")
        }
    }

    @Test("says that a stream is cut short, wherever", arguments: samples)
    func truncated(kind: Compression, bytes: [UInt8]) throws {
        for length in 0..<bytes.count {
            #expect(throws: CompressionError.truncated(kind, offset: length)) {
                try text(kind, Array(bytes[..<length]), by: 4)
            }
        }
    }

    @Test("says where bytes are no such stream", arguments: samples)
    func corrupt(kind: Compression, bytes: [UInt8]) throws {
        #expect(throws: CompressionError.corrupt(kind, offset: 0)) { try text(kind, Array("a,b\n1,2\n".utf8), by: 100) }
        var broken = bytes
        broken[kind == .gzip ? 12 : 5] ^= 0xFF
        #expect(throws: CompressionError.self) { try text(kind, broken, by: 100) }
        #expect(throws: CompressionError.self) { try text(kind, bytes + Array("tail".utf8), by: 100) }
    }

    @Test("gives what grows a thousandfold in pieces of at most 64 KB")
    func bomb() throws {
        let decompressor = try Decompressor(.zstd)
        decompressor.take(Self.zeros)
        var count = 0
        while let piece = try decompressor.next() {
            #expect(piece.count <= Decompressor.pieceBytes)
            count += piece.count
        }
        try decompressor.finish()
        #expect(count == 4 << 20)
    }

    /// 4 MB of zeros through `zstd -19`.
    static let zeros: [UInt8] = [
        0x28, 0xB5, 0x2F, 0xFD, 0xA0, 0x00, 0x00, 0x40, 0x00, 0x4C, 0x00, 0x00, 0x08, 0x00, 0x01, 0x00,
        0xFC, 0xFF, 0x39, 0x10, 0x02, 0x02, 0x00, 0x10, 0x00, 0x02, 0x00, 0x10, 0x00, 0x02, 0x00, 0x10,
        0x00, 0x02, 0x00, 0x10, 0x00, 0x02, 0x00, 0x10, 0x00, 0x02, 0x00, 0x10, 0x00, 0x02, 0x00, 0x10,
        0x00, 0x02, 0x00, 0x10, 0x00, 0x02, 0x00, 0x10, 0x00, 0x02, 0x00, 0x10, 0x00, 0x02, 0x00, 0x10,
        0x00, 0x02, 0x00, 0x10, 0x00, 0x02, 0x00, 0x10, 0x00, 0x02, 0x00, 0x10, 0x00, 0x02, 0x00, 0x10,
        0x00, 0x02, 0x00, 0x10, 0x00, 0x02, 0x00, 0x10, 0x00, 0x02, 0x00, 0x10, 0x00, 0x02, 0x00, 0x10,
        0x00, 0x02, 0x00, 0x10, 0x00, 0x02, 0x00, 0x10, 0x00, 0x02, 0x00, 0x10, 0x00, 0x02, 0x00, 0x10,
        0x00, 0x02, 0x00, 0x10, 0x00, 0x02, 0x00, 0x10, 0x00, 0x02, 0x00, 0x10, 0x00, 0x02, 0x00, 0x10,
        0x00, 0x02, 0x00, 0x10, 0x00, 0x02, 0x00, 0x10, 0x00, 0x02, 0x00, 0x10, 0x00, 0x03, 0x00, 0x10,
        0x00,
    ]

    @Test("is chosen by the key's extension")
    func extensions() {
        #expect(Compression(key: "a/b.csv.gz") == .gzip)
        #expect(Compression(key: "B.GZIP") == .gzip)
        #expect(Compression(key: "a.json.zst") == .zstd)
        #expect(Compression(key: "a.zstd") == .zstd)
        #expect(Compression(key: "gz") == nil)
        #expect(Compression(key: "a.csv") == nil)
    }
}
