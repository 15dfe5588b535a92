import JSON
import Testing

@testable import Drawing

@Suite("What is drawn of a definition")
struct OutlineTests {
    static let order = """
        {"StartAt": "Check", "States": {
            "Check": {"Type": "Choice", "Choices": [
                {"Variable": "$.total", "NumericGreaterThan": 100, "Next": "Ship"},
                {"And": [{"Variable": "$.a", "IsPresent": true}, {"Not": {"Variable": "$.b", "StringEquals": "x"}}],
                    "Next": "Nowhere"}
            ], "Default": "Refuse"},
            "Ship": {"Type": "Map", "ItemsPath": "$.items", "ItemProcessor": {"StartAt": "Pack", "States": {
                "Pack": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:1:function:pack", "End": true}
            }}, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Refuse"}], "End": true},
            "Refuse": {"Type": "Fail", "Error": "Refused"}
        }}
        """

    static func outline() throws -> Outline { try #require(Outline(of: try JSONValue(parsing: order))) }

    @Test("are its states, what they do, and where they lead and when")
    func states() throws {
        let states = try Self.outline().root.states
        #expect(states.map(\.name) == ["Check", "Ship", "Refuse"])
        #expect(states[0].edges.map(\.label) == ["$.total > 100", "$.a is present and not ($.b = \"x\")", "else"])
        #expect(states[1].graphs[0].states[0].note == "pack")
        #expect(states[1].edges == [.init(target: "Refuse", kind: .failure, label: "any error")])
        #expect(states[2].isEnd && states[2].note == "Refused")
    }

    @Test("includes states that are led to and do not exist")
    func missing() throws {
        let dot = DOT(try Self.outline()).text
        #expect(dot.contains("label=\"Nowhere?\", class=\"missing\""))
        #expect(Mermaid(try Self.outline()).text.contains("[\"Nowhere?\"]"))
    }

    @Test("has each group as a cluster, and a class for each state's status")
    func clusters() throws {
        let dot = DOT(try Self.outline(), statuses: ["Pack": .failed])
        #expect(dot.stateNames == ["Check", "Ship", "Pack", "Refuse"])
        #expect(dot.text.contains("subgraph cluster1 {\nclass=\"group Map\""))
        #expect(dot.text.contains("class=\"state Task failed\""))
    }

    @Test("cannot be broken by what states are called")
    func names() async throws {
        let name = "a\"b\\c<&>\u{1}\u{1F600} end"
        let definition: JSONValue = [
            "StartAt": .string(name),
            "States": .object([name: ["Type": "Pass\" fillcolor=\"red", "Next": "\"]; x -> y"]]),
        ]
        let dot = DOT(try #require(Outline(of: definition)))
        let svg = String(decoding: try await Graphviz.draw(dot.text, as: .svg), as: UTF8.self)
        #expect(svg.contains("a&quot;b\\c&lt;&amp;&gt;"))
        #expect(!svg.contains("<title>x</title>"))
    }

    @Test("is nothing where there are no states")
    func none() {
        #expect(Outline(of: [:]) == nil)
        #expect(Outline(of: ["States": [:]]) == nil)
    }
}

@Suite("A layout")
struct GraphvizTests {
    @Test("is drawn as SVG and as PNG, with each state in it")
    func formats() async throws {
        let dot = DOT(try OutlineTests.outline())
        let svg = String(decoding: try await Graphviz.draw(dot.text, as: .svg), as: UTF8.self)
        #expect(svg.contains(">Pack</text>") && svg.contains("class=\"node state Task\""))
        #expect(try await Graphviz.draw(dot.text, as: .png).prefix(4) == [0x89, 0x50, 0x4E, 0x47])
    }

    @Test("of what is no graph is refused")
    func refused() async {
        await #expect(throws: DrawingError.self) { _ = try await Graphviz.draw("digraph {", as: .svg) }
    }
}
