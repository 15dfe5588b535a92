/// A graph as Mermaid's flowchart, which GitHub and many editors draw.
package struct Mermaid: Sendable {
    package private(set) var text = "flowchart TD\n"
    private let statuses: [String: StateStatus]
    private var count = 0
    private var styles: [String] = []

    package init(_ outline: Outline, statuses: [String: StateStatus] = [:]) {
        self.statuses = statuses
        append("start((start))")
        append("finish((end))")
        write(outline.root, from: "start", to: "finish")
        for line in styles { append(line) }
    }

    private mutating func append(_ line: String) { text += "    \(line)\n" }

    private mutating func next() -> String {
        count += 1
        return "n\(count)"
    }

    private mutating func write(_ graph: Outline.Graph, from entry: String, to exit: String) {
        var nodes: [String: (node: String, out: String)] = [:]
        for state in graph.states { nodes[state.name] = write(state) }
        append("\(entry) --> \(target(graph.startAt, &nodes))")
        for state in graph.states {
            guard let from = nodes[state.name] else { continue }
            for edge in state.edges {
                let arrow = edge.kind == .failure ? "-.->" : "-->"
                let label = edge.label.isEmpty ? "" : "|\(Self.quoted(edge.label))|"
                let origin = edge.kind == .failure ? from.node : from.out
                append("\(origin) \(arrow)\(label) \(target(edge.target, &nodes))")
            }
            if state.isEnd, state.type != "Fail" { append("\(from.out) --> \(exit)") }
        }
    }

    private mutating func write(_ state: Outline.State) -> (node: String, out: String) {
        let node = next()
        let label = Self.quoted("\(state.name)\n\(state.type)")
        let shape = state.type == "Choice" ? "{\(label)}" : "[\(label)]"
        if let status = statuses[state.name] { styles.append("style \(node) \(Self.style(status))") }
        guard !state.graphs.isEmpty else {
            append("\(node)\(shape)")
            return (node, node)
        }
        let exit = next()
        append("subgraph \(next())[\" \"]")
        append("\(node)\(shape)")
        append("\(exit)(( ))")
        for graph in state.graphs { write(graph, from: node, to: exit) }
        append("end")
        return (node, exit)
    }

    private mutating func target(_ name: String, _ nodes: inout [String: (node: String, out: String)]) -> String {
        if let known = nodes[name] { return known.node }
        let node = next()
        nodes[name] = (node, node)
        append("\(node)[\(Self.quoted("\(name)?"))]")
        styles.append("style \(node) stroke:#c02b35,color:#c02b35,stroke-dasharray:4")
        return node
    }

    private static func style(_ status: StateStatus) -> String {
        switch status {
        case .running: "fill:#dfe8ff,stroke:#2f5bea"
        case .succeeded: "fill:#dcf3e6,stroke:#14804a"
        case .caught: "fill:#fdeed6,stroke:#b35c00"
        case .failed: "fill:#fbe0e2,stroke:#c02b35"
        case .aborted: "fill:#e8ebf0,stroke:#647084"
        }
    }

    /// A label: what Mermaid would read as its own becomes an entity.
    private static func quoted(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += "<br/>"
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "#": result += "&num;"
            case _ where scalar.value < 0x20: result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
        return "\"\(result)\""
    }
}
