import JSON
import Testing

@testable import JSONPath

@Suite("A path")
struct PathTests {
    static let store: JSONValue = [
        "store": [
            "book": [
                ["category": "reference", "author": "Rees", "title": "Sayings", "price": 8.95],
                ["category": "fiction", "author": "Waugh", "title": "Sword", "price": 12.99],
                ["category": "fiction", "author": "Melville", "title": "Moby", "isbn": "0-553", "price": 8.99],
                ["category": "fiction", "author": "Tolkien", "title": "Rings", "isbn": "0-395", "price": 22.99],
            ],
            "bicycle": ["color": "red", "price": 19.95],
        ],
        "expensive": 10,
        "n": [3, 1, 2],
        "odd": ["a b": 1, "it's": 2, "a.b": 3, "é": 4, "a-b": 5, "none": nil, "back\\slash": 5],
        "items": [["itemValue": 1, "tags": ["x", "y"]], ["itemValue": 2, "tags": []], ["other": "z"]],
    ]

    struct Row: Sendable, CustomTestStringConvertible {
        let path: String
        let value: JSONValue
        var isDefinite = true
        var testDescription: String { path }

        init(_ path: String, _ value: JSONValue) {
            self.path = path
            self.value = value
        }

        init(_ path: String, matches value: JSONValue) {
            self.path = path
            self.value = value
            isDefinite = false
        }
    }

    static let definite = [
        Row("$", store),
        Row("$.expensive", 10),
        Row("$['expensive']", 10),
        Row("$[\"expensive\"]", 10),
        Row(" $ ", store),
        Row("$.store.bicycle.color", "red"),
        Row("$.store.['bicycle'].color", "red"),
        Row("$.store[ 'bicycle' ]['color']", "red"),
        Row("$.n[0]", 3),
        Row("$.n[-1]", 2),
        Row("$.store.book[-1].title", "Rings"),
        Row("$.odd['a b']", 1),
        Row("$.odd['it\\'s']", 2),
        Row("$.odd[\"it's\"]", 2),
        Row("$.odd['back\\slash']", 5),
        Row("$.odd['back\\\\slash']", 5),
        Row("$.odd.a\\.b", 3),
        Row("$.odd.é", 4),
        Row("$.odd.a-b", 5),
        Row("$.odd.none", nil),
        Row("$.odd['é','a-b','missing']", ["é": 4, "a-b": 5]),
        Row("$.n.length()", 3),
        Row("$.n.size()", 3),
        Row("$.odd.length()", 7),
        Row("$.expensive.length()", nil),
        Row("$.n.min()", 1),
        Row("$.n.max()", 3),
        Row("$.n.sum()", 6),
        Row("$.n.avg()", 2),
        Row("$.n.stddev()", 0.816496580927726),
        Row("$.n.first()", 3),
        Row("$.n.last()", 2),
        Row("$.n.index(-2)", 1),
        Row("$.store.bicycle.keys()", ["color", "price"]),
        Row("$..price.max()", 22.99),
        Row("$.store.book[?(@.isbn)].length()", 2),
    ]

    static let indefinite = [
        Row("$.store.book[0,1].title", matches: ["Sayings", "Sword"]),
        Row("$.store.book[:2].title", matches: ["Sayings", "Sword"]),
        Row("$.store.book[-2:].title", matches: ["Moby", "Rings"]),
        Row("$.n[0:1]", matches: [3]),
        Row("$.n[1:]", matches: [1, 2]),
        Row("$.n[:-1]", matches: [3, 1]),
        Row("$.n[5:]", matches: []),
        Row("$.n[2:1]", matches: []),
        Row("$.n[-99:99]", matches: [3, 1, 2]),
        Row("$.n[:]", matches: [3, 1, 2]),
        Row("$.n[7,0]", matches: [3]),
        Row("$.n[*]", matches: [3, 1, 2]),
        Row("$.store.bicycle.*", matches: ["red", 19.95]),
        Row("$.expensive[*]", matches: []),
        Row("$.expensive[1:]", matches: []),
        Row("$.expensive[0,1]", matches: []),
        Row("$.store.x[*]", matches: []),
        Row("$.x.y[1:].z", matches: []),
        Row("$.x[?(@.y)]", matches: []),
        Row("$.n.x[*]", matches: []),
        Row("$.odd.none[*]", matches: []),
        Row("$.odd[0][*]", matches: []),
        Row("$.n[9][*].x", matches: []),
        Row("$.items[*].itemValue", matches: [1, 2]),
        Row("$.items[*].missing.deeper", matches: []),
        Row("$.items[*].tags[*]", matches: ["x", "y"]),
        Row("$.store.bicycle['color','price'].x", matches: []),
        Row(
            "$.['store','odd'].['bicycle','none']",
            matches: [["bicycle": ["color": "red", "price": 19.95]], ["none": nil]]
        ),
        Row("$..author", matches: ["Rees", "Waugh", "Melville", "Tolkien"]),
        Row("$..['color']", matches: ["red"]),
        Row("$..nothing", matches: []),
        Row("$..tags[0]", matches: ["x"]),
        Row("$.items..*", matches: store["items"].map(Self.everything) ?? nil),
    ]

    static let filters = [
        Row("$.store.book[?(@.isbn)].title", matches: ["Moby", "Rings"]),
        Row("$.store.book[?(!@.isbn)].title", matches: ["Sayings", "Sword"]),
        Row("$.store.book[?(@.price < 10)].title", matches: ["Sayings", "Moby"]),
        Row("$.store.book[?(@.price<$.expensive)].title", matches: ["Sayings", "Moby"]),
        Row("$.store.book[?(@.price >= 12.99 && @.category == 'fiction')].title", matches: ["Sword", "Rings"]),
        Row("$.store.book[?(@.author == \"Rees\" || @['author']=='Waugh')].price", matches: [8.95, 12.99]),
        Row("$.store.book[?(!(@.price < 10 || @.price > 20))].title", matches: ["Sword"]),
        Row("$.store.book[?(@.category != 'fiction')].title", matches: ["Sayings"]),
        Row("$.store.book[?(@.author in ['Rees', 'Tolkien'])].title", matches: ["Sayings", "Rings"]),
        Row("$.store.book[?(@.author nin ['Rees', 'Tolkien'])].title", matches: ["Sword", "Moby"]),
        Row("$.store.book[?(@.title contains 'o')].title", matches: ["Sword", "Moby"]),
        Row("$.items[?(@.tags contains 'x')].itemValue", matches: [1]),
        Row("$.items[?(@.tags size 0)].itemValue", matches: [2]),
        Row("$.items[?(@.tags empty false)].itemValue", matches: [1]),
        Row("$.items[?(@.tags.length() > 1)].itemValue", matches: [1]),
        Row("$.items[?(@.tags subsetof ['x', 'y', 'z'])].itemValue", matches: [1, 2]),
        Row("$.items[?(@.tags anyof ['y'])].itemValue", matches: [1]),
        Row("$.items[?(@.tags noneof ['y'])].itemValue", matches: [2]),
        Row("$.items[?(@.itemValue == 1.0)].itemValue", matches: [1]),
        Row("$.items[?(@.itemValue == '1')].itemValue", matches: [1]),
        Row("$.items[?(@.itemValue === '1')].itemValue", matches: []),
        Row("$.items[?(@.itemValue === 1)].itemValue", matches: [1]),
        Row("$.items[?(@.itemValue !== 1)].itemValue", matches: [2]),
        Row("$.items[?(@.none == @.nothing)]", matches: []),
        Row("$.items[?(@.itemValue nin [1])].other", matches: ["z"]),
        Row("$.items[?(@.itemValue <= '2')]", matches: []),
        Row("$.items[?(@.tags <= @.tags)]", matches: []),
        Row("$.items[?(@.tags all ['y', 'x'])].itemValue", matches: [1]),
        Row("$.store.book[?(@.author =~ /.*ll?e.*/)].title", matches: ["Moby"]),
        Row("$.store.book[?(@.author =~ /rees|waugh/i)].title", matches: ["Sayings", "Sword"]),
        Row("$.store.book[?(@.author =~ /ree/i)].title", matches: []),
        Row("$.store.book[?(/S.*/ =~ @.title && @.price < 10)].title", matches: ["Sayings"]),
        Row("$.store.book[?(@.isbn =~ /0-\\d{3}/)].title", matches: ["Moby", "Rings"]),
        Row("$.items[?(@.itemValue =~ /[12]/)].itemValue", matches: [1, 2]),
        Row("$.items[?(@.tags =~ /x/)].itemValue", matches: [1]),
        Row("$.items[?(@.missing == null)]", matches: []),
        Row("$.items[?(@.tags[*])].itemValue", matches: [1]),
        Row("$.n[?(@ > 1)]", matches: [3, 2]),
        Row("$.n[?(@ != 1 && @ == 3 || @ == -1e0)]", matches: [3]),
        Row("$.store.bicycle[?(@.color == 'red')].price", matches: [19.95]),
        Row("$..[?(@.color)].price", matches: [19.95]),
        Row("$.[?(@.expensive > 0)].expensive", matches: [10]),
    ]

    /// All values within a value, each container's before those within them.
    private static func everything(in value: JSONValue) -> JSONValue {
        func containers(_ value: JSONValue) -> [[JSONValue]] {
            let children = value.array ?? value.object?.values ?? []
            return [children] + children.flatMap { containers($0) }
        }
        return .array(containers(value).flatMap { $0 })
    }

    @Test("leads to values", arguments: definite + indefinite + filters)
    func evaluate(_ row: Row) throws {
        let path = try Path(parsing: row.path)
        #expect(path.isDefinite == row.isDefinite)
        #expect(try path.evaluate(on: Self.store) == row.value)
    }

    @Test(
        "says in Jayway's words what is missing",
        arguments: [
            ("$.a", "No results for path: $['a']"),
            ("$['a']", "No results for path: $['a']"),
            ("$.store.x", "No results for path: $['store']['x']"),
            ("$.no.such.result.path", "Missing property in path $['no']"),
            ("$.store.x.y", "Missing property in path $['store']['x']"),
            ("$.n[9]", "No results for path: $['n'][9]"),
            ("$.n[-4].x", "No results for path: $['n'][-4]['x']"),
            ("$.expensive.x", "Expected to find an object with property ['x'] in path $['expensive']"),
            ("$.odd.none.x", "Expected to find an object with property ['x'] in path $['odd']['none']"),
            ("$.n.x", "Expected to find an object with property ['x'] in path $['n']"),
            ("$.odd[0]", "Filter: [0] can only be applied to arrays, in path $['odd']"),
            ("$.odd.sum()", "The function sum() cannot be applied to path $['odd']"),
        ]
    )
    func missing(_ path: String, text: String) throws {
        let path = try Path(parsing: path)
        let error = #expect(throws: PathError.self) { try path.evaluate(on: Self.store) }
        #expect(error?.description == text)
    }

    @Test(
        "is refused if its text is not one",
        arguments: [
            "", "a", "a.b", "@.a", "$a", "$.", "$..", "$.a.", "$.a..", "$...a", "$.a b", "$[", "$[]", "$['a", "$['a'",
            "$['a'x]", "$[a]", "$[1", "$[1:2:3]", "$[1,]", "$[1:2,3]", "$[99999999999]", "$[--1]", "$[-]", "$['a',]",
            "$['a',1]", "$[?]", "$[?()]", "$[?(]", "$[?(@.a]", "$[?(@.a ==)]", "$[?(@.a = 1)]", "$[?(1)]",
            "$[?(@.a =~ x)]", "$[?(@.a =~ /x)]", "$[?(@.a =~ /(/)]", "$[?(@.a =~ /x/q)]", "$[?(/x/ == @.a)]",
            "$[?(@.a && )]", "$[?(@.a in [1,)]", "$[?(@.a == tru)]", "$[?(@.a == 01)]",
            "$.a.nope()", "$.a.length(", "$.a.length(1)", "$.a.index()", "$.length().a", "$.a\\",
            "$[?(@.a == '\\u12')]",
            "$['a\\",
            "$$.a", "$.a]", "$['']['",
        ]
    )
    func syntax(_ text: String) {
        #expect(throws: PathError.self) { try Path(parsing: text) }
    }

    @Test("may use an empty name in brackets")
    func emptyName() throws {
        #expect(try Path(parsing: "$['']").evaluate(on: ["": 1]) == 1)
    }

    @Test("is bounded in depth and in what it visits")
    func bounds() throws {
        let deep = String(repeating: "[?(@", count: 50_000)
        #expect(throws: PathError.self) { try Path(parsing: "$" + deep) }
        #expect(throws: PathError.self) { try Path(parsing: "$[?(" + String(repeating: "!", count: 50_000)) }
        #expect(throws: PathError.self) { try Path(parsing: "$[?(@.a in " + String(repeating: "[", count: 50_000)) }
        let long = "$" + String(repeating: ".a", count: 50_000)
        #expect(throws: PathError.missingProperty(path: "$['a']")) { try Path(parsing: long).evaluate(on: [:]) }

        var nested: JSONValue = [:]
        for _ in 0..<500 { nested = ["a": nested] }
        let error = #expect(throws: PathError.self) { try Path(parsing: "$..a..a..a..a").evaluate(on: nested) }
        guard case .tooManyValues = error else {
            Issue.record("expected too many values, not \(String(describing: error))")
            return
        }
    }

    @Test("that is mutated is read or refused, and evaluates or fails, but never traps")
    func mutations() {
        var random = SplitMix(state: 7)
        let seeds = (Self.definite + Self.indefinite + Self.filters).map { Array($0.path.utf8) }
        let interesting = Array("$@.*[]()?:,'\"\\!=<>&| -0129ain".utf8) + [0, 0xC3, 0xFF]
        var accepted = 0
        for round in 0..<8_000 {
            var bytes = seeds[round % seeds.count]
            for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = interesting.randomElement(using: &random) ?? 0
                case 1: bytes.insert(interesting.randomElement(using: &random) ?? 0, at: place)
                default: bytes.remove(at: place)
                }
            }
            guard let path = try? Path(parsing: String(decoding: bytes, as: UTF8.self)) else { continue }
            accepted += 1
            _ = try? path.evaluate(on: Self.store)
        }
        #expect(accepted > 500)
    }
}

/// A generator whose numbers are the same in every run.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
