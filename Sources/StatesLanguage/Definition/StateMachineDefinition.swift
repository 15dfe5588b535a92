import JSON

/// A definition that can be run: every rule of the language has been checked, and every name found.
///
/// It is a reference to one immutable value, so that handing it to each execution costs nothing.
package struct StateMachineDefinition: Sendable {
    private let storage: Storage

    /// Parses and validates a definition's text.
    ///
    /// - Throws: Every diagnostic at once, when at least one of them is an error; see ``Validator`` for those of a
    ///   definition that is only being looked at.
    package init(parsing text: String, type: StateMachineType = .standard) throws(InvalidDefinition) {
        let (definition, diagnostics) = DefinitionParser.parse(text, type: type)
        guard let definition else { throw InvalidDefinition(diagnostics: diagnostics) }
        self = definition
    }

    /// Parses and validates the text of one state, as the only state of a machine; what it leads to need not exist.
    ///
    /// - Throws: As ``init(parsing:type:)``.
    package init(parsingState text: String, named name: String) throws(InvalidDefinition) {
        let (definition, diagnostics) = DefinitionParser.parse(state: text, named: name)
        guard let definition else { throw InvalidDefinition(diagnostics: diagnostics) }
        self = definition
    }

    init(_ root: StateGraph, type: StateMachineType, header: Header, warnings: [Diagnostic]) {
        storage = Storage(root, type: type, header: header, warnings: warnings)
    }

    package var type: StateMachineType { storage.type }
    package var comment: String? { storage.header.comment }
    /// The version of the language; AWS knows only `1.0`.
    package var version: String { storage.header.version }
    /// How long an execution may take; `nil` is as long as its type allows.
    package var timeoutSeconds: Int? { storage.header.timeoutSeconds }
    package var root: StateGraph { storage.root }
    /// What is odd about it but not wrong.
    package var warnings: [Diagnostic] { storage.warnings }
    /// Whether some field reads the context object.
    package var readsContext: Bool { storage.readsContext }
    /// Whether some field can read the execution's input through the context object: then whoever runs a state needs it.
    package var readsExecutionInput: Bool { storage.readsExecutionInput }
    /// What its Tasks have done, at all depths.
    package var resources: [Resource] { storage.resources }
    /// How many states it has, at all depths.
    package var stateCount: Int { storage.states.count }

    /// The state of that name, at whatever depth: names are unique in the whole definition.
    ///
    /// Costs the same for any size.
    package func state(named name: String) -> State? { storage.states[name]?.state }

    /// The Parallel or Map whose closed world holds the state of that name; `nil` at the top, and for an unknown name.
    package func container(of name: String) -> State? {
        storage.states[name]?.container.flatMap { storage.states[$0]?.state }
    }
}

extension StateMachineDefinition {
    /// The fields of a definition beside its graph.
    struct Header: Sendable {
        var comment: String?
        var version = "1.0"
        var timeoutSeconds: Int?
    }

    private final class Storage: Sendable {
        let type: StateMachineType
        let header: Header
        let root: StateGraph
        let warnings: [Diagnostic]
        let readsContext: Bool
        let readsExecutionInput: Bool
        let resources: [Resource]
        let states: [String: (state: State, container: String?)]

        init(_ root: StateGraph, type: StateMachineType, header: Header, warnings: [Diagnostic]) {
            var states: [String: (state: State, container: String?)] = [:]
            var open: [(graph: StateGraph, container: String?)] = [(root, nil)]
            while let (graph, container) = open.popLast() {
                for state in graph.states {
                    states[state.name] = (state, container)
                    for nested in state.nestedGraphs { open.append((nested, state.name)) }
                }
            }
            self.type = type
            self.header = header
            self.root = root
            self.warnings = warnings
            self.states = states
            resources = states.values.compactMap { entry in
                if case .task(let task) = entry.state.body { task.resource } else { nil }
            }
            readsContext = states.values.contains { $0.state.paths.contains(where: \.readsContext) }
            readsExecutionInput = states.values.contains { $0.state.paths.contains(where: \.readsExecutionInput) }
        }
    }
}
