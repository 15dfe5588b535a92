import JSON

/// Reads the fields of one definition: the machine, its graphs, their states.
///
/// A class, because names are unique across all graphs; it never leaves the call that parses.
final class DefinitionReader {
    /// How deeply graphs may be nested.
    ///
    /// AWS names no number; a person writes fewer than ten.
    static let deepestGraph = 32

    /// The type of the executions that run the graph that is being read: in a distributed Map's processor, its own.
    private(set) var type: StateMachineType
    /// Whether the machine is only put around a state that is looked at alone.
    let isLoneState: Bool
    let findings: Findings
    /// The machine's query language, which each state's defaults to.
    private(set) var language = QueryLanguage.jsonPath
    var names = NameRules()
    /// In the order in which the graphs stand in the document, a graph before those inside it.
    private var outlines: [GraphOutline] = []
    /// The graph whose states are being read, by its place in `outlines`, and the state.
    private var open: (graph: Int, state: String)?

    init(type: StateMachineType, isLoneState: Bool = false, findings: Findings) {
        self.type = type
        self.isLoneState = isLoneState
        self.findings = findings
    }

    /// Reads the whole machine; then, with all graphs read, checks where their transitions lead.
    func machine(_ fields: Fields) -> (StateGraph?, StateMachineDefinition.Header) {
        fields.allow(only: ["Comment", "QueryLanguage", "StartAt", "States", "TimeoutSeconds", "Version"])
        var header = StateMachineDefinition.Header()
        header.comment = fields.string("Comment")
        header.version = fields.choice("Version", of: LanguageVersion.self)?.rawValue ?? header.version
        header.timeoutSeconds = fields.integer("TimeoutSeconds", in: 0...99_999_999)
        _ = fields.choice("QueryLanguage", of: QueryLanguage.self)
        language = fields.language(ofStateIn: .jsonPath)
        let graph = graph(fields, depth: 0)
        for outline in outlines where !(isLoneState && outline.isRoot) {
            TransitionRules.check(outline, into: findings)
        }
        VariableRules.check(outlines, into: findings)
        return (graph, header)
    }

    /// Reads `StartAt` and `States` of the machine, a branch or a processor, which executions of its own may run.
    func graph(_ fields: Fields, depth: Int, of childType: StateMachineType? = nil) -> StateGraph? {
        let outerType = type
        // What is inside an Express execution runs there, whatever else it asks for.
        if outerType == .standard, let childType { type = childType }
        defer { type = outerType }
        guard depth <= Self.deepestGraph else {
            let message = "States are nested more than \(Self.deepestGraph) deep"
            findings.add(.tooDeeplyNested, message, at: fields.place)
            return nil
        }
        fields.require("States", "StartAt")
        let startAt = fields.string("StartAt")
        guard let entries = fields.fields("States") else { return nil }
        if entries.object.isEmpty { findings.schema("Value cannot be empty", at: entries.place) }

        var outline = GraphOutline(isRoot: depth == 0)
        outline.startAt = startAt.map { GraphOutline.Edge(target: $0, place: fields.place(of: "StartAt")) }
        outline.container = open
        outline.hasOwnScope = fields.object["ProcessorConfig"]?["Mode"]?.string == "DISTRIBUTED"
        let slot = outlines.count
        outlines.append(outline)
        defer { open = outline.container }

        var states: [State] = []
        for (name, value) in entries.object {
            let place = entries.place(of: name)
            names.add(state: name, at: place, into: findings)
            outline.states.append((name, place))
            guard let fields = entries.fields(value, at: place) else {
                outline.hasEnd = true
                continue
            }
            open = (slot, name)
            let reader = StateReader(name: name, fields: fields, definition: self, depth: depth)
            reader.outline(in: &outline)
            reader.outlineVariables(in: &outline)
            if let state = reader.state() { states.append(state) }
        }
        outlines[slot] = outline
        guard let startAt, states.count == entries.object.count else { return nil }
        return StateGraph(startAt: startAt, states: states, comment: fields.object["Comment"]?.string)
    }

    /// The versions of the language; there has been one.
    private enum LanguageVersion: String, CaseIterable {
        case first = "1.0"
    }
}
