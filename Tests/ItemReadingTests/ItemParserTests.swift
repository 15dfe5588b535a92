import ItemReading
import JSON
import Testing

/// The suite that every format passes.
@Suite("The items of a file")
struct ItemParserTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let format: FileFormat
        let text: String
        let count: Int
    }

    static let rows = [
        Row(
            testDescription: "of CSV with a first row",
            format: FileFormat(.csv(CSVDialect(header: .firstRow))),
            text:
                "\u{FEFF}id,name,note\r\n1,Müller,\"a, \"\"b\"\"\nc\"\r\n\r\n2,\u{1F600},\\\"\r3,x\n4,\"\",z,too much\n",
            count: 4
        ),
        Row(
            testDescription: "of CSV with given headers, and no line break at the end",
            format: FileFormat(.csv(CSVDialect(delimiter: .pipe, header: .given(["a", "b"])))),
            text: "1|2\n\"3\"|\n|",
            count: 3
        ),
        Row(
            testDescription: "of a JSON array",
            format: FileFormat(.json(pointer: nil)),
            text: " [ {\"a\": [1, 2, {\"b\": \"]}\"}]} , -1.50e3,\"x\\\"y\\u00e9\",[],null ,true] \n",
            count: 6
        ),
        Row(
            testDescription: "of a JSON object",
            format: FileFormat(.json(pointer: nil)),
            text: "{\"k\\n1\": 1, \"k2\" :[2],\"\":{}}",
            count: 3
        ),
        Row(
            testDescription: "of an array deep in a document",
            format: FileFormat(.json(pointer: "/a~1b/1/~0")),
            text:
                "{\"x\":[{\"a/b\":[]}],\"a/b\":[ 0, {\"n\":{\"~\":5},\"~\": [10,{\"y\":11}] , \"t\":1}, 2],\"z\":[3]}",
            count: 2
        ),
        Row(
            testDescription: "of JSONL",
            format: FileFormat(.jsonLines),
            text: "{\"a\": 1}\n\n [2] \r\n\"\u{1F600}\"",
            count: 3
        ),
    ]

    @Test("are the same in whatever pieces its bytes come", arguments: rows)
    func pieces(_ row: Row) throws {
        let whole = try items(FileItems(row.format), from: row.text)
        #expect(whole.count == row.count)
        for size in 1...17 { #expect(try items(FileItems(row.format), from: row.text, by: size) == whole) }
    }

    @Test("go on behind any item, as if they had been read from the start", arguments: rows)
    func resuming(_ row: Row) throws {
        let bytes = Array(row.text.utf8)
        var first = try FileItems(row.format)
        first.take(bytes)
        first.finish()
        var whole: [Item] = []
        while let item = try first.next() { whole.append(item) }
        for (index, item) in whole.enumerated() {
            #expect(item.next.ordinal == index + 1)
            let rest = try FileItems(row.format, columns: first.columnNames, at: item.next)
            #expect(try items(rest, from: Array(bytes[item.next.offset...]), by: 3) == Array(whole[(index + 1)...]))
        }
    }

    @Test("are an error, never fewer items, when the file was cut short", arguments: rows.filter { $0.isClosed })
    func truncated(_ row: Row) throws {
        let bytes = Array(row.text.utf8)
        let end = try #require(bytes.lastIndex { $0 == UInt8(ascii: "]") || $0 == UInt8(ascii: "}") })
        for length in 0..<end {
            #expect(throws: ItemReadingError.self) { try items(FileItems(row.format), from: Array(bytes[..<length])) }
        }
    }

    @Test("in Parquet are refused by name")
    func parquet() {
        let error = #expect(throws: ItemReadingError.self) { try FileItems(FileFormat(.parquet)) }
        #expect(error?.description == "Parquet is not supported")
    }

    @Test(
        "larger than 8 MB are refused, and are not kept before that",
        arguments: [
            FileFormat(.csv(CSVDialect(header: .given(["a"])))), FileFormat(.json(pointer: nil)),
            FileFormat(.jsonLines),
        ]
    )
    func tooLarge(_ format: FileFormat) throws {
        var parser = try FileItems(format)
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        parser.take(Array("[\"".utf8))
        let error = #expect(throws: ItemReadingError.self) {
            for _ in 0..<16 {
                parser.take(piece)
                _ = try parser.next()
            }
        }
        guard case .tooLarge(limit: 8_388_608, at: _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}

extension ItemParserTests.Row {
    /// Whether brackets say where the items end.
    var isClosed: Bool { if case .json = format.kind { true } else { false } }
}
