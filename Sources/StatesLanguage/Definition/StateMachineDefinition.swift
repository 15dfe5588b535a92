import JSON

/// A definition that can be run: every rule of the language has been checked, and every name found.
///
/// It is a reference to one immutable value, so that handing it to each execution costs nothing.
package struct StateMachineDefinition: Sendable {
    private let storage: Storage
    /// How many bytes its text has.
    package private(set) var size = 0

    /// Parses and validates a definition's text.
    ///
    /// - Throws: Every diagnostic at once, when at least one of them is an error; see ``Validator`` for those of a
    ///   definition that is only being looked at.
    package init(parsing text: String, type: StateMachineType = .standard) throws(InvalidDefinition) {
        let (definition, diagnostics) = DefinitionParser.parse(text, type: type)
        guard let definition else { throw InvalidDefinition(diagnostics: diagnostics) }
        self = definition
        size = text.utf8.count
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
    /// Whether it has Maps whose items are executions of their own.
    package var distributes: Bool { storage.distributes }
    /// What its Tasks have done, at all depths.
    package var resources: [Resource] { storage.resources }
    /// The variables that each state's own fields read, sorted; states that read none are left out.
    package var variableReferences: [(state: String, variables: [String])] {
        storage.order.compactMap { name in
            let names = storage.states[name]?.state.variables ?? []
            return names.isEmpty ? nil : (name, names.sorted())
        }
    }

    /// Whether it uses what the language has since its edition of November 2024: variables, or JSONata.
    package var isOfLaterEdition: Bool {
        storage.states.values.contains { $0.state.language == .jsonata || !$0.state.assignedVariables.isEmpty }
    }

    /// Whether a Distributed Map's MapStateExited follows its MapRunStarted, and not its MapRunSucceeded.
    ///
    /// AWS did the latter in all that was recorded until June 2024, and does the former in all since November 2024. Which of them
    /// a definition's author knows, it tells by what was recorded of the later time alone: the features of the later edition,
    /// an ItemsPath beside an ItemReader, and Distributed Maps within each other.
    package var exitsFollowRunStarts: Bool { isOfLaterEdition || storage.distributesAsLater }

    /// Whether what is inside a Parallel or Map reads variables that are assigned around it.
    ///
    /// Where it does not, its branches need not be given any.
    package func sharesVariables(inside container: String) -> Bool { storage.sharing.contains(container) }

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
        let distributes: Bool
        /// Whether it has Distributed Maps that were recorded since November 2024 only.
        let distributesAsLater: Bool
        let resources: [Resource]
        let states: [String: (state: State, container: String?)]
        /// The names of all states, a graph's own before those inside them.
        let order: [String]
        /// The Parallels and Maps inside which outer variables are read.
        let sharing: Set<String>

        init(_ root: StateGraph, type: StateMachineType, header: Header, warnings: [Diagnostic]) {
            var states: [String: (state: State, container: String?)] = [:]
            var order: [String] = []
            var open: [(graph: StateGraph, container: String?)] = [(root, nil)]
            while let (graph, container) = open.popLast() {
                for state in graph.states {
                    states[state.name] = (state, container)
                    order.append(state.name)
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
            let distributed = states.values.filter { $0.state.distributedMap != nil }
            distributes = !distributed.isEmpty
            distributesAsLater = distributed.contains { entry in
                guard let map = entry.state.distributedMap else { return false }
                if map.itemReader != nil, map.itemsPath != nil { return true }
                let around = entry.container.map { sequence(first: $0) { states[$0]?.container } }
                return around?.contains { states[$0]?.state.distributedMap != nil } ?? false
            }
            self.order = order
            sharing = Set(Self.sharing(in: root, assignedAround: []))
            readsContext = states.values.contains { $0.state.reads.contains(where: \.readsContext) }
            readsExecutionInput = states.values.contains { $0.state.reads.contains(where: \.readsExecutionInput) }
        }

        /// The containers in a graph, at any depth, inside which a variable is read that a graph around them assigns.
        private static func sharing(in graph: StateGraph, assignedAround outer: Set<String>) -> [String] {
            let assigned = outer.union(graph.states.flatMap(\.assignedVariables))
            return graph.states.flatMap { state -> [String] in
                guard !state.nestedGraphs.isEmpty else { return [] }
                let inner = state.nestedGraphs.flatMap { sharing(in: $0, assignedAround: assigned) }
                let reads = state.nestedGraphs.contains { isReading($0, anyOf: assigned) }
                return reads ? [state.name] + inner : inner
            }
        }

        private static func isReading(_ graph: StateGraph, anyOf names: Set<String>) -> Bool {
            graph.states.contains { state in
                state.reads.contains { !$0.possibleVariables.isDisjoint(with: names) }
                    || state.nestedGraphs.contains { isReading($0, anyOf: names) }
            }
        }
    }
}

extension State {
    /// It, where it is a Map whose items are executions of their own.
    fileprivate var distributedMap: MapState? {
        if case .map(let map) = body, map.mode != .inline { map } else { nil }
    }
}
