import JSON

/// Where a state leads after an error that no retry has mended.
package struct Catcher: Sendable {
    /// Never empty; `States.ALL` stands alone.
    package let errorEquals: [String]
    /// The state to go to, in the same graph.
    package let next: String
    /// Where the Error Output goes in the state's raw input.
    package let resultPath: ResultPathField
    /// What it assigns, from the Error Output, in place of what the state would.
    package let assign: PayloadTemplate?
    package let comment: String?

    package init(
        errorEquals: [String],
        next: String,
        resultPath: ResultPathField = .whole,
        assign: PayloadTemplate? = nil,
        comment: String? = nil
    ) {
        self.errorEquals = errorEquals
        self.next = next
        self.resultPath = resultPath
        self.assign = assign
        self.comment = comment
    }

    /// Returns whether this catcher is for that error; see ``ErrorName/isMatched(_:by:)``.
    package func matches(error: String) -> Bool { ErrorName.isMatched(error, by: errorEquals) }
}
