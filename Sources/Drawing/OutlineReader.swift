package import JSON

extension Outline {
    /// Reads what can be drawn of a definition, whether or not it could be run.
    ///
    /// - Returns: `nil` where it has no states at all.
    package init?(of definition: JSONValue) {
        guard let root = Graph(reading: definition, depth: 0), !root.states.isEmpty else { return nil }
        self.init(root: root)
    }

    /// How deeply graphs are drawn inside each other: deeper ones could not be run either.
    fileprivate static let greatestDepth = 40
}

extension Outline.Graph {
    fileprivate init?(reading value: JSONValue, depth: Int) {
        guard depth < Outline.greatestDepth, let states = value["States"]?.object else { return nil }
        startAt = value["StartAt"]?.string ?? states.keys.first ?? ""
        self.states = states.map { Outline.State(named: $0.key, reading: $0.value, depth: depth) }
    }
}

extension Outline.State {
    fileprivate init(named name: String, reading state: JSONValue, depth: Int) {
        self.name = name
        type = state["Type"]?.string ?? ""
        note = Self.note(of: state)
        let inner = (state["Branches"]?.array ?? []) + [state["ItemProcessor"] ?? state["Iterator"]].compactMap(\.self)
        graphs = inner.compactMap { Outline.Graph(reading: $0, depth: depth + 1) }
        var edges: [Outline.Edge] = []
        for rule in state["Choices"]?.array ?? [] {
            guard let target = rule["Next"]?.string else { continue }
            edges.append(.init(target: target, kind: .choice, label: ConditionText.of(rule)))
        }
        if let target = state["Default"]?.string { edges.append(.init(target: target, kind: .fallback, label: "else")) }
        if let target = state["Next"]?.string { edges.append(.init(target: target, kind: .next, label: "")) }
        for catcher in state["Catch"]?.array ?? [] {
            guard let target = catcher["Next"]?.string else { continue }
            let errors = (catcher["ErrorEquals"]?.array ?? []).compactMap(\.string)
            let label = errors == ["States.ALL"] ? "any error" : errors.joined(separator: ", ")
            edges.append(.init(target: target, kind: .failure, label: label))
        }
        self.edges = edges
        isEnd = state["End"]?.bool == true || type == "Succeed" || type == "Fail"
    }

    /// What a state does, in a few words.
    private static func note(of state: JSONValue) -> String {
        switch state["Type"]?.string {
        case "Task": resource(of: state)
        case "Wait": wait(of: state)
        case "Fail": state["Error"]?.string ?? ""
        case "Map": map(of: state)
        default: ""
        }
    }

    private static func resource(of state: JSONValue) -> String {
        guard let resource = state["Resource"]?.string else { return "" }
        let parts = resource.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count > 5 else { return resource }
        let arguments = state["Parameters"] ?? state["Arguments"]
        if resource.contains(":states:::lambda:invoke"), let name = arguments?["FunctionName"]?.string {
            return name.split(separator: ":").last.map(String.init) ?? name
        }
        switch parts[2] {
        case "lambda": return parts.count > 6 ? parts[6] : resource
        case "states" where parts[5] == "activity": return parts.dropFirst(6).joined(separator: ":")
        default: return parts.dropFirst(5).joined(separator: ":")
        }
    }

    private static func wait(of state: JSONValue) -> String {
        if let seconds = state["Seconds"]?.int { return "\(seconds) s" }
        for field in ["Seconds", "SecondsPath", "Timestamp", "TimestampPath"] {
            if let text = state[field]?.string { return text }
        }
        return ""
    }

    private static func map(of state: JSONValue) -> String {
        let mode = state["ItemProcessor"]?["ProcessorConfig"]?["Mode"]?.string
        let items = state["ItemsPath"]?.string ?? state["Items"]?.string ?? ""
        let words = [mode == "DISTRIBUTED" ? "distributed" : "", items].filter { !$0.isEmpty }
        return words.joined(separator: " · ")
    }
}
