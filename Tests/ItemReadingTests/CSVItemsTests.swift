import ItemReading
import JSON
import Testing

@Suite("CSV items")
struct CSVItemsTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var header = CSVDialect.Header.firstRow
        var delimiter = CSVDialect.Delimiter.comma
        let text: String
        let items: [String]
    }

    /// The file of the recorded cases (test_map_item_reader_*).
    static let recorded = "Value1,Value2,Value3\nValue4,Value5,Value6\n,,,\ntrue,1,'HelloWorld'\nNull,None,\n   \n"

    static let rows = [
        Row(
            testDescription: "are cut to the headers that were given, as recorded",
            header: .given(["H1"]),
            text: recorded,
            items: [
                #"{"H1":"Value1"}"#, #"{"H1":"Value4"}"#, #"{"H1":""}"#, #"{"H1":"true"}"#, #"{"H1":"Null"}"#,
                #"{"H1":"   "}"#,
            ]
        ),
        Row(
            testDescription: "have their members in AWS's order, as recorded",
            text: "0,True,{}\nValue4,Value5,Value6\n",
            items: [#"{"0":"Value4","{}":"Value6","True":"Value5"}"#]
        ),
        Row(testDescription: "are filled up with empty fields", text: "a,b\n1\n", items: [#"{"a":"1","b":""}"#]),
        Row(
            testDescription: "may hold delimiters, line breaks and quotes in quotes",
            text: "a,b\n\"1,\n\"\"2\"\"\",\"\\\"\"\n",
            items: [#"{"a":"1,\n\"2\"","b":"\""}"#]
        ),
        Row(
            testDescription: "lose a backslash, unless it stands before a backslash, quote or delimiter",
            text: "a,b\nx\\\\y\\n,\\,\\\"\n",
            items: [#"{"a":"x\\yn","b":",\""}"#]
        ),
        Row(testDescription: "keep a quote inside a bare field", text: "a\n5\" pipe\n", items: [#"{"a":"5\" pipe"}"#]),
        Row(testDescription: "may be an empty pair of quotes", text: "a\n\"\"\n", items: [#"{"a":""}"#]),
        Row(testDescription: "may have blanks behind a quote", text: "a,b\n\"1\" ,2\n", items: [#"{"a":"1","b":"2"}"#]),
        Row(testDescription: "may be none", text: "a,b\n", items: []),
        Row(
            testDescription: "may be none in an empty file with given headers",
            header: .given(["a"]),
            text: "",
            items: []
        ),
        Row(
            testDescription: "are split at pipes",
            delimiter: .pipe,
            text: "a|b\n1,|2",
            items: [#"{"a":"1,","b":"2"}"#]
        ),
        Row(
            testDescription: "are split at semicolons",
            delimiter: .semicolon,
            text: "a;b\n1;2",
            items: [#"{"a":"1","b":"2"}"#]
        ),
        Row(
            testDescription: "are split at spaces",
            delimiter: .space,
            text: "a b\n1 \"2 3\"",
            items: [#"{"a":"1","b":"2 3"}"#]
        ),
        Row(testDescription: "are split at tabs", delimiter: .tab, text: "a\tb\n1\t2", items: [#"{"a":"1","b":"2"}"#]),
    ]

    @Test(arguments: rows)
    func content(_ row: Row) throws {
        let dialect = CSVDialect(delimiter: row.delimiter, header: row.header)
        #expect(try items(CSVItems(dialect), from: row.text).texts == row.items)
    }

    @Test("say where a field's quote is not closed, and where text follows one")
    func quoting() throws {
        let dialect = CSVDialect(header: .firstRow)
        let open = #expect(throws: ItemReadingError.self) {
            try items(CSVItems(dialect), from: "a,b\n1,2\n3,\"4\n5,6\n")
        }
        #expect(
            open?.description
                == "The CSV is malformed at line 3, byte 8 (item 1): a quoted field has no closing quote."
        )
        let behind = #expect(throws: ItemReadingError.self) { try items(CSVItems(dialect), from: "a\n\"1\"x\n") }
        #expect(
            behind?.description
                == "The CSV is malformed at line 2, byte 5 (item 0): text follows a field's closing quote."
        )
    }

    @Test("cannot be read without headers, or with two of the same name")
    func headers() throws {
        #expect(throws: ItemReadingError.missingHeader) { try items(CSVItems(CSVDialect(header: .firstRow)), from: "") }
        #expect(throws: ItemReadingError.duplicateHeaders) {
            try items(CSVItems(CSVDialect(header: .firstRow)), from: "a,a\n")
        }
        #expect(throws: ItemReadingError.duplicateHeaders) { try CSVItems(CSVDialect(header: .given(["H1", "H1"]))) }
        #expect(ItemReadingError.duplicateHeaders.description == "CSV headers cannot contain duplicates.")
    }

    @Test("have U+FFFD where the bytes are not UTF-8")
    func notUTF8() throws {
        let bytes: [UInt8] = Array("a\n".utf8) + [0x4D, 0xFC, 0x0A]
        #expect(try items(CSVItems(CSVDialect(header: .firstRow)), from: bytes).texts == ["{\"a\":\"M\u{FFFD}\"}"])
    }

    @Test("with many columns come in the order of a map that has grown")
    func manyColumns() throws {
        let names = (1...13).map { "c\($0)" }
        let line = names.joined(separator: ",")
        let object = try #require(try items(CSVItems(CSVDialect(header: .firstRow)), from: "\(line)\n\(line)").first)
        // The hash of "c1" is 99 * 31 + 49 = 3118, 14 modulo 32; that of "c10" is 3118 * 31 + 48 = 96706, of which
        // (h ^ h >> 16) is 96707, 3 modulo 32; those of "c11" to "c13" are 2, 5 and 4.
        #expect(object.value.value.object?.keys == ["c11", "c10", "c13", "c12"] + names.prefix(9))
        #expect(object.value.value["c13"]?.string == "c13")
    }
}
