import JSON

/// What becomes of the results of a distributed Map's children: `ResultWriter`.
///
/// Source: reference §14.
package struct ResultExport: Sendable {
    package enum Transformation: String, Sendable, Hashable, CaseIterable {
        /// Every child's record, with its input, its output and when it ran.
        case none = "NONE"
        /// Only the outputs.
        case compact = "COMPACT"
        /// Only the outputs; of those that are arrays, their elements.
        case flatten = "FLATTEN"
    }

    package enum OutputType: String, Sendable, Hashable, CaseIterable {
        /// One array.
        case json = "JSON"
        /// A line for each result.
        case jsonLines = "JSONL"
    }

    /// `Bucket` and `Prefix` of the files; `nil` leaves the results in the state's output.
    package let parameters: Template?
    package let transformation: Transformation
    package let outputType: OutputType
}

extension ResultExport {
    private enum Target: String, CaseIterable { case putObject }

    /// Reads `ResultWriter`: a `Resource` with its parameters, a `WriterConfig`, or both.
    init?(reading fields: Fields, of state: StateReader) {
        fields.allow(only: ["Resource", "Parameters", "Arguments", "WriterConfig"])
        fields.checkLanguageOfParameters()
        let isExported = fields.has("Resource") || !fields.has("WriterConfig")
        if isExported {
            fields.require("Resource")
            _ = fields.s3Action(among: Target.self)
            parameters = state.parameters(of: fields, requiring: ["Bucket"])
        } else {
            parameters = nil
        }
        let config = fields.has("WriterConfig") ? fields.part("WriterConfig") : nil
        config?.allow(only: ["Transformation", "OutputType"])
        // The defaults differ: records in files, outputs in the state's result.
        transformation = config?.choice("Transformation") ?? (isExported ? .none : .compact)
        outputType = config?.choice("OutputType") ?? .json
    }
}
