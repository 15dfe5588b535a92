import JSON

/// Where a state leads after an error that no retry has mended.
package struct Catcher: Sendable {
    /// Never empty; `States.ALL` stands alone.
    package let errorEquals: [String]
    /// The state to go to, in the same graph.
    package let next: String
    /// Where the Error Output goes in the state's raw input.
    package let resultPath: ResultPathField
    /// The output of a JSONata state; `nil` is the Error Output.
    package let output: QueryTemplate?
    /// What it assigns, from the Error Output, in place of what the state would.
    package let assign: Template?
    package let comment: String?

    package init(
        errorEquals: [String],
        next: String,
        resultPath: ResultPathField = .whole,
        output: QueryTemplate? = nil,
        assign: Template? = nil,
        comment: String? = nil
    ) {
        self.errorEquals = errorEquals
        self.next = next
        self.resultPath = resultPath
        self.output = output
        self.assign = assign
        self.comment = comment
    }

    /// Returns whether this catcher is for that error; see ``ErrorName/isMatched(_:by:)``.
    package func matches(error: String) -> Bool { ErrorName.isMatched(error, by: errorEquals) }
}
