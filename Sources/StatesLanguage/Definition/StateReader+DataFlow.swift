import JSON

/// Which of the fields that shape input and output a state's type has.
///
/// Source: reference §1.
struct DataFlowFields: OptionSet {
    let rawValue: Int
    static let parameters = DataFlowFields(rawValue: 1)
    static let resultSelector = DataFlowFields(rawValue: 2)
    static let resultPath = DataFlowFields(rawValue: 4)
    static let work: DataFlowFields = [.parameters, .resultSelector, .resultPath]
}

extension StateReader {
    /// Reads InputPath, Parameters, ResultSelector, ResultPath and OutputPath, those that the type has.
    ///
    /// A JSONata state has none of them; its own are read when Braid runs them.
    func dataFlow(_ names: DataFlowFields = []) -> JSONPathDataFlow? {
        guard fields.language == .jsonPath else { return JSONPathDataFlow() }
        let inputPath = fields.pathField("InputPath")
        let outputPath = fields.pathField("OutputPath")
        let parameters = names.contains(.parameters) ? template("Parameters") : nil
        let resultSelector = names.contains(.resultSelector) ? template("ResultSelector") : nil
        let resultPath = names.contains(.resultPath) ? fields.resultPathField() : .whole
        let assign = assignment(in: fields)
        guard let inputPath, let outputPath, let resultPath else { return nil }
        return JSONPathDataFlow(
            inputPath: inputPath,
            parameters: parameters,
            resultSelector: resultSelector,
            resultPath: resultPath,
            outputPath: outputPath,
            assign: assign
        )
    }

    /// Reads a payload template; `nil` in JSONata, where the field holds expressions instead.
    func template(_ name: String, mustBeObject: Bool = false) -> PayloadTemplate? {
        guard fields.language == .jsonPath else { return nil }
        Warnings.check(template: name, of: fields)
        return fields.template(name, mustBeObject: mustBeObject)
    }

    /// Reads a number of seconds and its `Path` form, of which there is at most one.
    func time(_ name: String) -> TimeField? {
        fields.atMostOne(of: name, name + "Path")
        if let path = fields.path(name + "Path", isReference: true) { return .path(path) }
        return fields.integer(name, in: 1...99_999_999).map { .seconds($0) }
    }

    /// Reads a count and its `Path` form, of which there is at most one.
    func count(_ name: String) -> IntegerField? {
        fields.atMostOne(of: name, name + "Path")
        if let path = fields.path(name + "Path", isReference: true) { return .path(path) }
        return fields.integer(name, in: 0...Int.max).map { .literal($0) }
    }

    /// Reads a percentage and its `Path` form, of which there is at most one.
    func percentage(_ name: String) -> PercentageField? {
        fields.atMostOne(of: name, name + "Path")
        if let path = fields.path(name + "Path", isReference: true) { return .path(path) }
        return fields.number(name, in: 0...100).map { .literal($0) }
    }
}
