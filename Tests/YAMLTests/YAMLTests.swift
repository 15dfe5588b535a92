import JSON
import Testing

@testable import YAML

@Suite("A definition in YAML")
struct YAMLTests {
    @Test("means the JSON that stands for the same")
    func definition() throws {
        let text = """
            # A comment
            Comment: &c "Hello: world"
            StartAt: First
            States:
              First:
                Type: Task
                Resource: !Sub arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:f
                Parameters: {"a.$": $.a, b: [1, 2.50, 1e3, -0.0, "1"]}
                Next: Second
              Second:
                Type: Succeed
                Comment: |
                  two
                  lines
                Other: *c
            """
        let json = """
            {"Comment":"Hello: world","StartAt":"First","States":{"First":{"Type":"Task","Resource":{"Fn::Sub":\
            "arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:f"},"Parameters":{"a.$":"$.a","b":[1,2.50,1e3,\
            -0.0,"1"]},"Next":"Second"},"Second":{"Type":"Succeed","Comment":"two\\nlines\\n","Other":"Hello: world"}}}
            """
        #expect(try parseYAML(text).text == json)
    }

    @Test(
        "has scalars of YAML 1.2's core schema",
        arguments: [
            ("~", "null"), ("", "null"), ("Null", "null"), ("TRUE", "true"), ("False", "false"), ("yes", "\"yes\""),
            ("off", "\"off\""), ("12", "12"), ("+12", "12"), ("-12", "-12"), ("0x1F", "31"), ("0o17", "15"),
            ("012345678901", "\"012345678901\""), (".5", "0.5"), ("-.5", "-0.5"), ("1.", "1.0"), ("1.e3", "1.0e3"),
            ("1_000", "\"1_000\""), (".inf", "\".inf\""), ("-", "[null]"), ("+", "\"+\""), (".", "\".\""),
            ("-.", "\"-.\""), ("--1", "\"--1\""), ("+-1", "\"+-1\""), ("0x-1", "\"0x-1\""), ("1.2.3", "\"1.2.3\""),
            ("2024-01-01", "\"2024-01-01\""), ("\"12\"", "\"12\""), ("'true'", "\"true\""), ("|\n 12", "\"12\""),
            ("123456789012345678901234567890", "123456789012345678901234567890"), ("!!str 12", "\"12\""),
            ("! 12", "\"12\""), ("!!int '12'", "12"), ("\"\\u00e9\\0\"", "\"é\\u0000\""), ("日本", "\"日本\""),
        ]
    )
    func scalar(_ text: String, json: String) throws {
        #expect(try parseYAML(text).text == json)
    }

    @Test(
        "may use CloudFormation's short tags",
        arguments: [
            ("!Ref X", #"{"Ref":"X"}"#), ("!Condition X", #"{"Condition":"X"}"#),
            ("!Sub '${X}'", #"{"Fn::Sub":"${X}"}"#),
            ("!GetAtt A.B", #"{"Fn::GetAtt":["A","B"]}"#),
            ("!GetAtt A.Outputs.B", #"{"Fn::GetAtt":["A","Outputs.B"]}"#),
            ("!GetAtt [A, B]", #"{"Fn::GetAtt":["A","B"]}"#),
            ("!Join [':', [a, !Ref B]]", #"{"Fn::Join":[":",["a",{"Ref":"B"}]]}"#),
            ("!If [C, 1, !Ref 'AWS::NoValue']", #"{"Fn::If":["C",1,{"Ref":"AWS::NoValue"}]}"#),
            ("!Transform {Name: n}", #"{"Fn::Transform":{"Name":"n"}}"#),
        ]
    )
    func tag(_ text: String, json: String) throws {
        #expect(try parseYAML(text).text == json)
    }

    @Test(
        "may repeat and merge what has an anchor",
        arguments: [
            ("a: &x {b: 1}\nc: *x", #"{"a":{"b":1},"c":{"b":1}}"#),
            ("a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3", #"{"a":{"b":1,"c":2},"d":{"c":3,"b":1}}"#),
            ("d: {<<: [{a: 1}, {a: 2, b: 2}], c: 3}", #"{"d":{"c":3,"a":1,"b":2}}"#),
            ("\"<<\": 1", #"{"<<":1}"#), ("&k a: *k", #"{"a":"a"}"#),
        ]
    )
    func anchors(_ text: String, json: String) throws {
        #expect(try parseYAML(text).text == json)
    }

    @Test(
        "is refused with line and column",
        arguments: [
            ("a: 1\na: 2", 2, 1), ("a: [1", 2, 1), ("a: *x", 1, 4), ("a: &x [*x]", 1, 8), ("[a, b]: 1", 1, 1),
            ("--- 1\n--- 2", 2, 1), ("a: !Nope 1", 1, 4), ("a: !!int x", 1, 4), ("a: !!set {}", 1, 4), ("<<: 1", 1, 5),
            ("a:\n\t- 1", 2, 1), ("{a: 1, a: 2}", 1, 8), ("a: b: c", 1, 5), ("\"a", 1, 3), ("1: a\n'1': b", 2, 1),
        ]
    )
    func faults(_ text: String, line: Int, column: Int) {
        let error = #expect(throws: YAMLError.self) { try parseYAML(text) }
        #expect(error?.line == line)
        #expect(error?.column == column)
    }

    @Test("is bounded, however much a small text expands to, and however deep it is")
    func bounds() throws {
        var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            let aliases = [String](repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            bomb += "a\(level): &a\(level) [\(aliases)]\n"
        }
        #expect(throws: YAMLError.self) { try parseYAML(bomb) }

        var deep = "a0: &a0 []\n"
        for level in 1...600 { deep += "a\(level): &a\(level) [*a\(level - 1)]\n" }
        #expect(throws: YAMLError.self) { try parseYAML(deep) }
        #expect(throws: YAMLError.self) { try parseYAML(String(repeating: "[", count: 100_000)) }
        #expect(throws: YAMLError.self) { try parseYAML(String(repeating: "- ", count: 5_000)) }
        #expect(throws: YAMLError.self) { try parseYAML("a: \0") }
    }

    @Test("that is mutated is read or refused, but never traps")
    func mutations() {
        let seed = Array("a: &x {b: [1, !Ref c], <<: {d: 'e'}}\nf:\n  - *x\n  - |\n    text\n  - \"q\\n\"\n".utf8)
        let interesting = Array("{}[]:,-&*!|>'\"#%@ \n\t~<.0x".utf8) + [0, 0x80, 0xC3]
        var state: UInt64 = 1
        func random(below bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var accepted = 0
        for _ in 0..<5_000 {
            var bytes = seed
            for _ in 0...random(below: 3) {
                let place = random(below: bytes.count)
                switch random(below: 3) {
                case 0: bytes[place] = interesting[random(below: interesting.count)]
                case 1: bytes.insert(interesting[random(below: interesting.count)], at: place)
                default: bytes.remove(at: place)
                }
            }
            if (try? parseYAML(String(decoding: bytes, as: UTF8.self))) != nil { accepted += 1 }
        }
        #expect(accepted > 200)
    }
}
