import JSON

/// The variables that one `Assign` names, as far as they could be read.
struct VariableOutline {
    let name: String
    /// The state whose fields assign it.
    let state: String
    /// The place of the `Assign`.
    let place: JSONPointer
}

/// What variables may be called, and who may assign them.
///
/// Source: reference §3.
enum VariableRules {
    /// In characters.
    static let longestName = 80

    /// Checks a variable's name: that of an identifier (Unicode Standard Annex #31), and not `states`.
    static func check(_ name: String, at place: JSONPointer, into findings: Findings) {
        if name == "states" {
            findings.add(.reservedVariableName, "Variable name 'states' is reserved", at: place)
        }
        if name.unicodeScalars.count > longestName {
            findings.add(
                .invalidVariableName,
                "Variable name '\(name)' exceeds the \(longestName)-character limit allowed by the service",
                at: place
            )
        }
        if !isIdentifier(name) {
            findings.add(.invalidVariableName, "Variable name '\(name)' is not a valid identifier", at: place)
        }
    }

    /// Refuses that a graph assigns what a graph around it assigns: an inner scope reads outer variables only.
    ///
    /// The processor of a distributed Map reads none of them, so it may have its own of the same names.
    ///
    /// What the Parallel or Map around a graph assigns does not count: it does so when all inside it has ended, and AWS
    /// accepts it. Source: recorded PARALLEL_CATCH_ERROR_VARIABLE_SAMPLING.
    static func check(_ graphs: [GraphOutline], into findings: Findings) {
        for graph in graphs where !graph.assigned.isEmpty {
            var outer: Set<String> = []
            var inner = graph
            while !inner.hasOwnScope, let (index, state) = inner.container {
                outer.formUnion(graphs[index].assigned.filter { $0.state != state }.map(\.name))
                inner = graphs[index]
            }
            for variable in graph.assigned where outer.contains(variable.name) {
                findings.schema(
                    "Variable '\(variable.name)' is assigned in an outer scope, and cannot be assigned here",
                    at: variable.place
                )
            }
        }
    }

    private static func isIdentifier(_ name: String) -> Bool {
        guard let first = name.unicodeScalars.first, first == "_" || first.properties.isIDStart else { return false }
        return name.unicodeScalars.allSatisfy(\.properties.isIDContinue)
    }
}

extension StateReader {
    /// Reads `Assign` of a catcher or a Choice's rule; `members` of `$states` are there beside input and context.
    func assignment(in fields: Fields, with members: Set<String> = []) -> Template? {
        fields.language == .jsonPath
            ? assigned(in: fields).map { .payload($0) } : assigned(in: fields, with: members).map { .query($0) }
    }

    /// Reads `Assign` of a JSONata state, or of a part of one.
    func assigned(in fields: Fields, with members: Set<String>) -> QueryTemplate? {
        checkAssignment(in: fields) ? query("Assign", of: fields, with: members) : nil
    }

    /// Reads `Assign` of a JSONPath state, or of a part of one.
    func assigned(in fields: Fields) -> PayloadTemplate? {
        guard checkAssignment(in: fields) else { return nil }
        Warnings.check(template: "Assign", of: fields)
        return fields.template("Assign")
    }

    /// Checks the names of what is assigned; `false` if there is nothing to be read.
    private func checkAssignment(in fields: Fields) -> Bool {
        guard let value = fields.object["Assign"] else { return false }
        let place = fields.place(of: "Assign")
        guard value.object != nil else {
            fields.findings.schema("Expected value of type Object", at: place)
            return false
        }
        for name in Self.assignedNames(in: fields.object, fields.language) {
            VariableRules.check(name, at: place, into: fields.findings)
        }
        return true
    }

    /// The variables that an `Assign` names: in JSONPath a name may end in `.$`.
    static func assignedNames(in holder: JSONObject, _ language: QueryLanguage) -> [String] {
        (holder["Assign"]?.object?.keys ?? []).map { key in
            guard language == .jsonPath, key.utf8.suffix(2).elementsEqual(".$".utf8) else { return key }
            return String(decoding: key.utf8.dropLast(2), as: UTF8.self)
        }
    }

    /// Notes what the state, its catchers and its rules assign.
    func outlineVariables(in graph: inout GraphOutline) {
        var holders = [(fields.object, fields.place)]
        for name in ["Choices", "Catch"] {
            for (index, element) in (fields.object[name]?.array ?? []).enumerated() {
                if let object = element.object { holders.append((object, fields.place(of: name).appending(index))) }
            }
        }
        for (object, place) in holders {
            for name in Self.assignedNames(in: object, fields.language) {
                graph.assigned.append(VariableOutline(name: name, state: self.name, place: place.appending("Assign")))
            }
        }
    }
}
