/// A state machine as far as a drawing shows it.
package struct Outline: Sendable, Equatable {
    /// A closed world of states: the machine, a branch of a Parallel, or what a Map does with each item.
    package struct Graph: Sendable, Equatable {
        package var startAt: String
        /// In the document's order.
        package var states: [State]
    }

    package struct State: Sendable, Equatable {
        package var name: String
        /// As written, such as `Task`; empty where a definition does not say.
        package var type: String
        /// What it does, in a few words: a function's name, how long it waits; empty for none.
        package var note: String
        package var edges: [Edge]
        /// Whether the execution, branch or iteration ends after it.
        package var isEnd: Bool
        /// The closed worlds inside it.
        package var graphs: [Graph]
    }

    package struct Edge: Sendable, Equatable {
        package enum Kind: String, Sendable {
            case next
            case choice
            case fallback
            case failure
        }

        package var target: String
        package var kind: Kind
        /// When it is taken; empty for always.
        package var label: String
    }

    package var root: Graph

    /// How many states it has, at all depths.
    package var stateCount: Int { Self.count(root) }

    private static func count(_ graph: Graph) -> Int {
        graph.states.reduce(0) { sum, state in sum + 1 + state.graphs.reduce(0) { $0 + count($1) } }
    }
}
