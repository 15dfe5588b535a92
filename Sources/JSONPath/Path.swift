package import JSON

/// A path into a JSON value, in the dialect of Jayway's JsonPath that AWS speaks.
///
/// Members as `.name` or `['name']`, elements as `[0]` or `[-1]`, slices `[1:3]`, several of them `[0,2]` or
/// `['a','b']`, all of them `.*` or `[*]`, at any depth `..name`, those that fulfil a condition
/// `[?(@.price < 10 && @.tags contains 'new')]`; at the end perhaps a function such as `.length()`. A name may escape a
/// character with a backslash, and may stand as `.['name']` (Amazon States Language, "Paths").
package struct Path: Sendable, CustomStringConvertible {
    /// The path as it was written.
    package let description: String
    let steps: PathSteps

    /// Reads a path that starts with `$`.
    package init(parsing text: String) throws(PathError) {
        var parser = PathParser(text)
        steps = try parser.path()
        description = text
    }

    /// Whether the path yields the one value that it leads to, not an array of matches.
    package var isDefinite: Bool { steps.function != nil || steps.areDefinite }

    /// Returns what the path leads to.
    ///
    /// - Parameter value: What `$` stands for.
    /// - Returns: The value, if the path is definite; otherwise an array of all matches, empty if there are none.
    /// - Throws: ``PathError``, if a definite path leads nowhere.
    package func evaluate(on value: JSONValue) throws(PathError) -> JSONValue {
        var evaluator = PathEvaluator(root: value)
        return try evaluator.evaluate(steps, on: value)
    }
}

extension Path: Hashable {
    package static func == (lhs: Path, rhs: Path) -> Bool { lhs.description == rhs.description }
    package func hash(into hasher: inout Hasher) { hasher.combine(description) }
}
