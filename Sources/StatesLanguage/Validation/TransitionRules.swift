import JSON

/// The transitions and variables of one graph, as far as they could be read: what is needed to tell where each leads.
struct GraphOutline {
    struct Edge {
        let target: String
        /// The field that names the target.
        let place: JSONPointer
    }

    var startAt: Edge?
    var states: [(name: String, place: JSONPointer)] = []
    var edges: [String: [Edge]] = [:]
    var assigned: [VariableOutline] = []
    /// The graph around it, by its place in the list of all, and the state of that which holds it; `nil` for the machine's own.
    var container: (graph: Int, state: String)?
    /// Whether variables around it are not there in it: the executions of a distributed Map have their own.
    var hasOwnScope = false
    /// Whether some state ends the graph, or may: one whose transitions could not be read counts.
    var hasEnd = false
    /// Whether this is the machine's own graph.
    let isRoot: Bool
}

/// Every target exists, every state is reached, and the machine can end.
enum TransitionRules {
    /// Source: measured with ValidateStateMachineDefinition.
    ///
    /// A missing target is a `'Next'` whatever field names it; only the machine's own graph must have a terminal state;
    /// and where it has none, nothing is said of states that are not reached.
    static func check(_ graph: GraphOutline, into findings: Findings) {
        let names = Set(graph.states.map(\.name))
        let edges = [graph.startAt].compactMap { $0 } + graph.states.flatMap { graph.edges[$0.name] ?? [] }
        for edge in edges where !names.contains(edge.target) {
            findings.add(.missingTransitionTarget, "Missing 'Next' target: \(edge.target)", at: edge.place)
        }
        guard !graph.states.isEmpty else { return }
        guard graph.hasEnd || !graph.isRoot else {
            findings.add(.missingEndState, "Workflow has no terminal state", at: nil)
            return
        }
        guard let start = graph.startAt else { return }
        let reached = reached(from: start.target, in: graph, names: names)
        for state in graph.states where !reached.contains(state.name) {
            findings.add(.missingTransitionTarget, "State \"\(state.name)\" is not reachable.", at: state.place)
        }
    }

    /// The states on some way from the start; where the start itself is missing, those that any state leads to.
    private static func reached(from start: String, in graph: GraphOutline, names: Set<String>) -> Set<String> {
        guard names.contains(start) else { return Set(graph.edges.values.joined().map(\.target)) }
        var reached: Set<String> = [start]
        var open = [start]
        while let name = open.popLast() {
            for edge in graph.edges[name] ?? [] where names.contains(edge.target) {
                if reached.insert(edge.target).inserted { open.append(edge.target) }
            }
        }
        return reached
    }
}
