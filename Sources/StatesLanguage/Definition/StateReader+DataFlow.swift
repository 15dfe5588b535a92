import JSON

/// Which of the fields that shape input and output a state's type has.
///
/// Source: reference §1.
struct DataFlowFields: OptionSet {
    let rawValue: Int
    static let parameters = DataFlowFields(rawValue: 1)
    static let resultSelector = DataFlowFields(rawValue: 2)
    static let resultPath = DataFlowFields(rawValue: 4)
    static let arguments = DataFlowFields(rawValue: 8)
    static let work: DataFlowFields = [.parameters, .resultSelector, .resultPath]
}

extension StateReader {
    /// Reads the fields that shape input and output, those that the type and the language have.
    func dataFlow(_ names: DataFlowFields = []) -> DataFlow? {
        fields.language == .jsonPath ? jsonPath(names).map { .jsonPath($0) } : .jsonata(jsonata(names))
    }

    /// Reads Arguments, Output and Assign; what is wrong in them is noted.
    private func jsonata(_ names: DataFlowFields) -> JSONataDataFlow {
        let result: Set<String> = names.contains(.resultSelector) ? ["result"] : []
        return JSONataDataFlow(
            arguments: names.contains(.arguments) ? query("Arguments", of: fields) : nil,
            output: query("Output", of: fields, with: result),
            assign: assigned(in: fields, with: result)
        )
    }

    /// Reads InputPath, Parameters, ResultSelector, ResultPath, OutputPath and Assign.
    private func jsonPath(_ names: DataFlowFields) -> JSONPathDataFlow? {
        let inputPath = fields.pathField("InputPath")
        let outputPath = fields.pathField("OutputPath")
        let parameters = names.contains(.parameters) ? payload("Parameters") : nil
        let resultSelector = names.contains(.resultSelector) ? payload("ResultSelector") : nil
        let resultPath = names.contains(.resultPath) ? fields.resultPathField() : .whole
        let assign = assigned(in: fields)
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

    /// Reads a field whose JSON has computed parts, in the state's language.
    func template(_ name: String) -> Template? {
        fields.language == .jsonPath ? payload(name).map { .payload($0) } : query(name, of: fields).map { .query($0) }
    }

    private func payload(_ name: String) -> PayloadTemplate? {
        Warnings.check(template: name, of: fields)
        return fields.template(name)
    }

    /// Reads a number of seconds and its `Path` form, of which there is at most one.
    func time(_ name: String) -> TimeField? {
        fields.atMostOne(of: name, name + "Path")
        if let expression = expression(name, of: fields) { return .expression(expression) }
        if let path = fields.path(name + "Path", isReference: true) { return .path(path) }
        return fields.integer(name, in: 1...99_999_999).map { .seconds($0) }
    }

    /// Reads a count and its `Path` form, of which there is at most one.
    func count(_ name: String) -> IntegerField? {
        fields.atMostOne(of: name, name + "Path")
        if let expression = expression(name, of: fields) { return .expression(expression) }
        if let path = fields.path(name + "Path", isReference: true) { return .path(path) }
        return fields.integer(name, in: 0...Int.max).map { .literal($0) }
    }

    /// Reads a percentage and its `Path` form, of which there is at most one.
    func percentage(_ name: String) -> PercentageField? {
        fields.atMostOne(of: name, name + "Path")
        if let expression = expression(name, of: fields) { return .expression(expression) }
        if let path = fields.path(name + "Path", isReference: true) { return .path(path) }
        return fields.number(name, in: 0...100).map { .literal($0) }
    }
}
