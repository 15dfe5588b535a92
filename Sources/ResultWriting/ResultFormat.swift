/// How the results of a Distributed Map's children are written, by the names of `WriterConfig`.
package struct ResultFormat: Sendable, Hashable {
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

    package let transformation: Transformation
    package let outputType: OutputType

    package init(transformation: Transformation, outputType: OutputType = .json) {
        self.transformation = transformation
        self.outputType = outputType
    }

    /// What holds where no `WriterConfig` says otherwise: records in files, outputs in the state's result.
    ///
    /// Source: reference §14.
    package static func standard(isExported: Bool) -> ResultFormat {
        ResultFormat(transformation: isExported ? .none : .compact)
    }
}
