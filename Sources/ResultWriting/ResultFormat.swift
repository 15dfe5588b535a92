package import StatesLanguage

/// How the results of a Distributed Map's children are written, by the names of `WriterConfig`.
package struct ResultFormat: Sendable, Hashable {
    package typealias Transformation = ResultExport.Transformation
    package typealias OutputType = ResultExport.OutputType

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
