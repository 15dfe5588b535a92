import JSON

/// The condition of a rule.
indirect enum ChoiceCondition: Sendable {
    case all([ChoiceCondition])
    case any([ChoiceCondition])
    case not(ChoiceCondition)
    /// `IsPresent`: whether the path finds something.
    case presence(DataPath, Bool)
    case test(DataPath, ChoiceTest)
}

extension ChoiceCondition {
    /// Whether it holds.
    ///
    /// A path that finds nothing is an error, other than in IsPresent.
    func holds(in source: inout PathSource) throws(DataFlowError) -> Bool {
        switch self {
        case .all(let conditions):
            for condition in conditions where try !condition.holds(in: &source) { return false }
            return true
        case .any(let conditions):
            for condition in conditions where try condition.holds(in: &source) { return true }
            return false
        case .not(let condition):
            return try !condition.holds(in: &source)
        case .presence(let variable, let expected):
            return (try? variable.evaluate(in: &source)) != nil ? expected : !expected
        case .test(let variable, let test):
            let value = try Self.value(of: variable, in: &source)
            return try test.holds(
                of: value,
                operand: test.operandPath.map { path throws(DataFlowError) in
                    try Self.value(of: path, in: &source)
                }
            )
        }
    }

    /// The paths that it reads, in the order of the text.
    var paths: [DataPath] {
        switch self {
        case .all(let conditions), .any(let conditions): conditions.flatMap(\.paths)
        case .not(let condition): condition.paths
        case .presence(let variable, _): [variable]
        case .test(let variable, let test): [variable] + (test.operandPath.map { [$0] } ?? [])
        }
    }

    private static func value(
        of path: DataPath,
        in source: inout PathSource
    ) throws(DataFlowError) -> JSONValue {
        do {
            return try path.evaluate(in: &source)
        } catch {
            throw .invalidConditionPath(path.text)
        }
    }
}
