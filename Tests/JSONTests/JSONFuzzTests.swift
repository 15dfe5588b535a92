import Testing

@testable import JSON

@Suite("Mutated JSON")
struct JSONFuzzTests {
    static let seeds = [
        #"{"a": [1, -2.5e10, 1e400, true, false, null], "b": {"c": "x\u00e9\ud83d\ude00\n", "é": ""}}"#,
        #"[[[[]]], {"": {}}, "\"\\\/\b\f\n\r\t\u0000", 0, -0, 0.0, 123456789012345678901234567890]"#,
        "{\"日本\": [\"😀\", \"\u{7F}\"], \"a\": 1, \"a\": 2}",
    ]

    /// A generator whose numbers are the same in every run.
    struct SplitMix: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    @Test("gives a value or an error, the same to parser and validator, and what is written parses to itself")
    func mutations() {
        var random = SplitMix(state: 20_240_601)
        let interesting = Array("{}[]\",:\\u0123456789eE+-.tfn \n\0".utf8) + [0x80, 0xC3, 0xED, 0xF0, 0xFF]
        var accepted = 0
        for round in 0..<6_000 {
            var bytes = Array(Self.seeds[round % Self.seeds.count].utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = interesting.randomElement(using: &random) ?? 0
                case 1: bytes.insert(interesting.randomElement(using: &random) ?? 0, at: place)
                case 2: bytes.remove(at: place)
                default: bytes.removeSubrange(place..<min(bytes.count, place + 5))
                }
                if bytes.isEmpty { bytes = [0] }
            }
            let value = try? JSONValue(parsing: bytes)
            guard let text = String(validating: bytes, as: UTF8.self) else {
                #expect(value == nil)
                continue
            }
            let valid = try? JSONText(validating: text)
            #expect((value != nil) == (valid != nil), "\(text.debugDescription)")
            guard let value, let valid else { continue }
            accepted += 1
            #expect(valid.value == value)
            #expect((try? JSONValue(parsing: value.text)) == value)
            #expect((try? JSONValue(parsing: value.text(pretty: true)))?.text == value.text)
        }
        #expect(accepted > 100)
    }
}
