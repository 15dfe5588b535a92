import JSON

/// Reads one state; what its type adds is in the file of that type.
struct StateReader {
    let name: String
    let fields: Fields
    let definition: DefinitionReader
    /// How many graphs are around the state's own.
    let depth: Int

    init(name: String, fields: Fields, definition: DefinitionReader, depth: Int) {
        self.name = name
        self.definition = definition
        self.depth = depth
        var fields = fields
        fields.language = fields.language(ofStateIn: definition.language)
        self.fields = fields
    }

    var findings: Findings { fields.findings }

    /// Reads the state; `nil` if something is wrong with it.
    func state() -> State? {
        let comment = fields.string("Comment")
        _ = fields.choice("QueryLanguage", of: QueryLanguage.self)
        fields.require("Type")
        guard let type = type() else { return nil }
        fields.allow(only: StateFields.allowed[type] ?? [])
        checkLanguage()
        let errors = findings.errorCount
        guard let body = body(of: type), findings.errorCount == errors else { return nil }
        return State(name: name, comment: comment, place: fields.place, body: body)
    }

    private func type() -> StateType? {
        guard let text = fields.string("Type") else { return nil }
        if let type = StateType(rawValue: text) { return type }
        let names = StateType.allCases.map(\.rawValue).joined(separator: ", ")
        findings.schema("The field 'Type' should have one of these values: [\(names)]", at: fields.place(of: "Type"))
        return nil
    }

    /// A machine's JSONata cannot be taken back by one state; if it is tried, that is all that is said.
    private func checkLanguage() {
        if definition.language == .jsonata, fields.object["QueryLanguage"]?.string == QueryLanguage.jsonPath.rawValue {
            let message = "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine"
            findings.schema(message, at: fields.place)
        } else {
            fields.checkLanguageOfStateFields()
        }
    }

    private func body(of type: StateType) -> State.Body? {
        switch type {
        case .task: TaskState(reading: self).map { .task($0) }
        case .pass: PassState(reading: self).map { .pass($0) }
        case .choice: ChoiceState(reading: self).map { .choice($0) }
        case .wait: WaitState(reading: self).map { .wait($0) }
        case .succeed: SucceedState(reading: self).map { .succeed($0) }
        case .fail: .fail(FailState(reading: self))
        case .parallel: ParallelState(reading: self).map { .parallel($0) }
        case .map: MapState(reading: self).map { .map($0) }
        }
    }
}

// MARK: - Transitions

extension StateReader {
    /// Reads `Next` and `End`, of which a state has exactly one.
    func successor() -> Successor? {
        let next = fields.string("Next")
        let end = fields.boolean("End")
        // `End: false` says nothing, so it may stand beside a `Next`.
        switch (fields.has("Next"), end == true) {
        case (true, true):
            findings.schema("There should only be one of the following fields: [Next, End]", at: fields.place)
            return nil
        case (false, false):
            guard end == false || !fields.has("End") else { return nil }
            let message = "This object should have only one of the following fields: [Next, End]"
            findings.schema(message, at: fields.place)
            return nil
        case (true, false): return next.map { .next($0) }
        case (false, true): return .end
        }
    }

    /// Notes where the state leads, from whatever of its fields can be read.
    func outline(in graph: inout GraphOutline) {
        let type = fields.object["Type"]?.string
        var edges: [GraphOutline.Edge] = []
        func add(_ target: JSONValue?, at place: JSONPointer) {
            if let target = target?.string { edges.append(.init(target: target, place: place)) }
        }
        for name in ["Next", "Default"] { add(fields.object[name], at: fields.place(of: name)) }
        for name in ["Choices", "Catch"] {
            for (index, element) in (fields.object[name]?.array ?? []).enumerated() {
                add(element["Next"], at: fields.place(of: name).appending(index).appending("Next"))
            }
        }
        graph.edges[name] = edges
        let isTerminalType = type == StateType.succeed.rawValue || type == StateType.fail.rawValue
        let isUnknown = type.flatMap(StateType.init(rawValue:)) == nil || edges.isEmpty
        if isTerminalType || isUnknown || fields.object["End"]?.bool == true { graph.hasEnd = true }
    }
}
