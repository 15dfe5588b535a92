/// A graph in Graphviz's language.
///
/// Nodes are `s0`, `s1`, … in the order of ``stateNames``; what they look like is told here for pictures that stand alone, and
/// by class for pages that have a style of their own.
package struct DOT: Sendable {
    package private(set) var text = ""
    /// The states by the numbers of their nodes.
    package private(set) var stateNames: [String] = []
    private let statuses: [String: StateStatus]
    private var clusters = 0
    private var points = 0

    /// - Parameters:
    ///   - outline: What is drawn.
    ///   - statuses: How states of an execution stand; the others have not been entered.
    package init(_ outline: Outline, statuses: [String: StateStatus] = [:]) {
        self.statuses = statuses
        text = """
            digraph {
            graph [rankdir=TB, nodesep=0.35, ranksep=0.45, fontname="Helvetica", bgcolor="transparent", pad=0.15]
            node [shape=box, style="rounded,filled", fillcolor="#ffffff", color="#8a94a6", fontname="Helvetica", fontsize=13,
            margin="0.18,0.09", height=0.45]
            edge [color="#6b7688", fontname="Helvetica", fontsize=10, fontcolor="#566074", arrowsize=0.7]

            """
        append(
            "start [label=\"\", class=\"terminal start\", shape=circle, width=0.18, height=0.18, fillcolor=\"#566074\"]"
        )
        append(
            "end [label=\"\", class=\"terminal end\", shape=doublecircle, width=0.14, height=0.14, fillcolor=\"#566074\"]"
        )
        write(outline.root, from: "start", to: "end")
        text += "}\n"
    }

    private mutating func append(_ line: String) { text += line + "\n" }

    /// Writes a graph's states, in front of them what leads there, and behind them where they end.
    private mutating func write(_ graph: Outline.Graph, from entry: String, to exit: String) {
        var nodes: [String: (node: String, out: String)] = [:]
        for state in graph.states { nodes[state.name] = write(state) }
        if let first = nodes[graph.startAt] {
            append("\(entry) -> \(first.node)")
        } else {
            append("\(entry) -> \(missing(graph.startAt, &nodes))")
        }
        for state in graph.states {
            guard let from = nodes[state.name] else { continue }
            for edge in state.edges {
                let target = nodes[edge.target]?.node ?? missing(edge.target, &nodes)
                append("\(edge.kind == .failure ? from.node : from.out) -> \(target) [\(attributes(of: edge))]")
            }
            if state.isEnd, state.type != "Fail" { append("\(from.out) -> \(exit)") }
        }
    }

    /// Writes a state, with what is inside of it.
    ///
    /// - Returns: Its node, and the one that what comes after it hangs on.
    private mutating func write(_ state: Outline.State) -> (node: String, out: String) {
        let node = "s\(stateNames.count)"
        stateNames.append(state.name)
        guard !state.graphs.isEmpty else {
            append("\(node) [\(attributes(of: state))]")
            return (node, node)
        }
        clusters += 1
        append("subgraph cluster\(clusters) {")
        append(
            "class=\"group \(Self.word(state.type))\" style=\"rounded,dashed\" color=\"#a9b2c2\" margin=14 label=\"\""
        )
        append("\(node) [\(attributes(of: state))]")
        points += 1
        let exit = "p\(points)"
        append("\(exit) [label=\"\", class=\"terminal join\", shape=point, width=0.07, color=\"#6b7688\"]")
        for graph in state.graphs { write(graph, from: node, to: exit) }
        append("}")
        return (node, exit)
    }

    /// A node for a state that is led to and does not exist.
    private mutating func missing(_ name: String, _ nodes: inout [String: (node: String, out: String)]) -> String {
        points += 1
        let node = "p\(points)"
        nodes[name] = (node, node)
        append(
            "\(node) [label=\(Self.quoted("\(name)?")), class=\"missing\", style=\"rounded,dashed\", color=\"#c02b35\", "
                + "fontcolor=\"#c02b35\", tooltip=\"no such state\"]"
        )
        return node
    }

    private func attributes(of state: Outline.State) -> String {
        let status = statuses[state.name]
        let kind = state.type.isEmpty ? "?" : state.type
        let note = state.note.isEmpty ? kind : "\(kind) · \(state.note)"
        let label =
            "<<b>\(Self.escaped(Self.shortened(state.name, to: 48)))</b><br/>"
            + "<font point-size=\"10\" color=\"#566074\">\(Self.escaped(Self.shortened(note, to: 48)))</font>>"
        let classes = ["state", Self.word(state.type), status?.rawValue].compactMap(\.self).joined(separator: " ")
        var attributes = "label=\(label), class=\"\(classes)\", tooltip=\(Self.quoted("\(state.name) (\(kind))"))"
        if let colours = status.map(Self.colours) {
            attributes += ", fillcolor=\"\(colours.fill)\", color=\"\(colours.line)\", penwidth=1.8"
        }
        return attributes
    }

    private func attributes(of edge: Outline.Edge) -> String {
        var attributes = "class=\"\(edge.kind.rawValue)\""
        if !edge.label.isEmpty {
            attributes += ", label=\(Self.quoted(" " + Self.shortened(edge.label, to: 32) + " "))"
            attributes += ", tooltip=\(Self.quoted(edge.label)), labeltooltip=\(Self.quoted(edge.label))"
        }
        if edge.kind == .failure { attributes += ", style=dashed, color=\"#c02b35\", fontcolor=\"#c02b35\"" }
        if edge.kind == .fallback { attributes += ", fontcolor=\"#566074\"" }
        return attributes
    }

    private static func colours(_ status: StateStatus) -> (fill: String, line: String) {
        switch status {
        case .running: ("#dfe8ff", "#2f5bea")
        case .succeeded: ("#dcf3e6", "#14804a")
        case .caught: ("#fdeed6", "#b35c00")
        case .failed: ("#fbe0e2", "#c02b35")
        case .aborted: ("#e8ebf0", "#647084")
        }
    }

    /// A word that may stand in a class: letters only.
    private static func word(_ text: String) -> String { text.filter { $0.isASCII && $0.isLetter } }

    private static func shortened(_ text: String, to count: Int) -> String {
        text.count <= count ? text : text.prefix(count - 1) + "…"
    }

    /// A text in double quotes; control characters, which no picture shows, become spaces.
    private static func quoted(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F: result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
        return "\"\(result)\""
    }

    /// A text inside a label of Graphviz's HTML.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F || scalar.value & 0xFFFE == 0xFFFE: result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result.isEmpty ? " " : result
    }
}
