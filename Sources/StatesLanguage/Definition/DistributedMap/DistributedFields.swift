import JSON

/// Reading objects inside a state's fields, in the state's language.
extension Fields {
    /// Reads an object that must be written out: no expression gives it.
    func part(_ name: String) -> Fields? {
        if object[name]?.object == nil {
            findings.schema("Expected value of type Object", at: place(of: name))
            return nil
        }
        return fields(name)
    }

    /// Refuses `Parameters` in JSONata, and `Arguments` in JSONPath.
    func checkLanguageOfParameters() {
        refuse(["Parameters"], onlyFor: .jsonPath)
        refuse(["Arguments"], onlyFor: .jsonata)
    }

    /// Reads a `Resource` that must be an action of S3's, in whatever partition.
    func s3Action<Action: CaseIterable & RawRepresentable>(among type: Action.Type) -> Action?
    where Action.RawValue == String {
        guard let text = string("Resource") else { return nil }
        if case .service(let service) = Resource(parsing: text)?.kind, service.service == "s3", !service.isSDK,
            service.pattern == .requestResponse, let action = Action(rawValue: service.action)
        {
            return action
        }
        let names = Action.allCases.map { "arn:aws:states:::s3:\($0.rawValue)" }.joined(separator: ", ")
        findings.schema("Value should be one of the following: [\(names)]", at: place(of: "Resource"))
        return nil
    }
}

extension StateReader {
    /// Reads a field whose JSON has computed parts.
    func template(_ name: String, of fields: Fields) -> Template? {
        guard fields.language == .jsonPath else { return query(name, of: fields).map { .query($0) } }
        Warnings.check(template: name, of: fields)
        return fields.template(name).map { .payload($0) }
    }

    /// Reads `Parameters` or `Arguments`, which must have some members.
    func parameters(of fields: Fields, requiring members: [String]) -> Template? {
        let name = fields.language == .jsonata ? "Arguments" : "Parameters"
        fields.require(name)
        // An expression gives the whole object, and only when it is evaluated.
        if let object = fields.object[name]?.object {
            for member in members where object[member] == nil && object[member + ".$"] == nil {
                fields.findings.schema("The field '\(member)' is required but was missing", at: fields.place(of: name))
            }
        }
        return template(name, of: fields)
    }

    /// Reads a count within a range, and its `Path` form, of which there is at most one.
    func count(_ name: String, in range: ClosedRange<Int>, of fields: Fields) -> IntegerField? {
        fields.atMostOne(of: name, name + "Path")
        if let expression = expression(name, of: fields) { return .expression(expression) }
        if let path = fields.path(name + "Path", isReference: true) { return .path(path) }
        return fields.integer(name, in: range).map { .literal($0) }
    }
}
