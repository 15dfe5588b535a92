import JSON

/// Turns JSON into the condition of a rule, gathering what is wrong.
struct ChoiceRuleCompiler {
    private(set) var problems: [Problem] = []

    /// Fields that say nothing of the condition, some of them read elsewhere.
    private static let otherFields: Set = ["Next", "Comment", "Assign", "Output", "Variable"]
    private static let connectives: Set = ["And", "Or", "Not"]

    mutating func report(_ message: String, at place: JSONPointer) {
        problems.append(Problem(message, at: place))
    }

    /// Returns the condition, or `nil` after a problem was reported.
    mutating func condition(_ rule: JSONValue, at place: JSONPointer, isOutermost: Bool) -> ChoiceCondition? {
        guard let members = rule.object else {
            report("A choice rule must be an object", at: place)
            return nil
        }
        if !isOutermost {
            for field in ["Next", "Assign", "Output"] where members[field] != nil {
                report("The field '\(field)' is allowed only at the top of a choice rule", at: place)
            }
        }
        let operators = members.keys.filter { !Self.otherFields.contains($0) }
        guard operators.count == 1, let name = operators.first, let operand = members[name] else {
            report(Self.message(for: operators), at: place)
            return nil
        }
        if Self.connectives.contains(name) {
            if members["Variable"] != nil { report("The field 'Variable' must not stand beside '\(name)'", at: place) }
            return connective(name, operand, at: place.appending(name))
        }
        return test(name, operand, variable: members["Variable"], at: place)
    }

    private static func message(for operators: [String]) -> String {
        operators.isEmpty
            ? "A choice rule must have a comparison operator, or one of 'And', 'Or' and 'Not'"
            : "A choice rule must have exactly one operator, but has "
                + operators.map { "'\($0)'" }.joined(separator: ", ")
    }

    private mutating func connective(_ name: String, _ operand: JSONValue, at place: JSONPointer) -> ChoiceCondition? {
        if name == "Not" {
            return condition(operand, at: place, isOutermost: false).map { .not($0) }
        }
        guard let rules = operand.array, !rules.isEmpty else {
            report("The field '\(name)' must be a non-empty array of choice rules", at: place)
            return nil
        }
        let conditions = rules.enumerated().compactMap {
            condition($0.element, at: place.appending($0.offset), isOutermost: false)
        }
        guard conditions.count == rules.count else { return nil }
        return name == "And" ? .all(conditions) : .any(conditions)
    }

    private mutating func test(
        _ name: String,
        _ operand: JSONValue,
        variable: JSONValue?,
        at place: JSONPointer
    ) -> ChoiceCondition? {
        let path = path(variable, field: "Variable", at: place)
        guard let read = Self.operators[name] else {
            report("Field '\(name)' is not supported", at: place)
            return nil
        }
        if name == "IsPresent" {
            guard let expected = operand.bool else {
                report("The value for the field 'IsPresent' must be a boolean", at: place)
                return nil
            }
            return path.map { .presence($0, expected) }
        }
        guard let test = read(&self, name, operand, place), let path else { return nil }
        return .test(path, test)
    }

    fileprivate mutating func path(_ value: JSONValue?, field: String, at place: JSONPointer) -> DataPath? {
        guard let value else {
            report("The field '\(field)' is required", at: place)
            return nil
        }
        guard let text = value.string, let path = try? DataPath(parsing: text) else {
            report("The value for the field '\(field)' must be a valid JSONPath", at: place)
            return nil
        }
        return path
    }
}

// MARK: - Operators

extension ChoiceRuleCompiler {
    /// Reads the operand of an operator.
    private typealias Reading =
        @Sendable (inout ChoiceRuleCompiler, _ name: String, _ operand: JSONValue, JSONPointer) -> ChoiceTest?

    private static let operators: [String: Reading] = {
        var operators: [String: Reading] = [:]
        for comparison in ChoiceComparison.allCases {
            operators.add("String\(comparison.rawValue)", "a string", { $0.string }) { .string(comparison, $0) }
            operators.add("Numeric\(comparison.rawValue)", "a number", { $0.number }) { .number(comparison, $0) }
            operators.add("Timestamp\(comparison.rawValue)", "a timestamp", { $0.instant }) {
                .timestamp(comparison, $0)
            }
        }
        operators.add("BooleanEquals", "a boolean", { $0.bool }) { .boolean($0) }
        operators["StringMatches"] = { compiler, name, operand, place in
            compiler.literal(operand.string, of: name, "a string", at: place).map { .matches(StringPattern($0)) }
        }
        let kinds: [(String, ChoiceTest.Kind)] = [
            ("IsNull", .null), ("IsString", .string), ("IsNumeric", .number), ("IsBoolean", .boolean),
            ("IsTimestamp", .timestamp),
        ]
        for (name, kind) in kinds {
            operators[name] = { compiler, name, operand, place in
                compiler.literal(operand.bool, of: name, "a boolean", at: place).map { .type(kind, $0) }
            }
        }
        // Its operand is read where its condition is made.
        operators["IsPresent"] = { _, _, _, _ in nil }
        return operators
    }()

    fileprivate mutating func literal<Value>(
        _ value: Value?,
        of name: String,
        _ kind: String,
        at place: JSONPointer
    ) -> Value? {
        if value == nil { report("The value for the field '\(name)' must be \(kind)", at: place) }
        return value
    }
}

extension [String: @Sendable (inout ChoiceRuleCompiler, String, JSONValue, JSONPointer) -> ChoiceTest?] {
    /// Adds an operator and its form that ends in `Path`.
    fileprivate mutating func add<Literal: Sendable>(
        _ name: String,
        _ kind: String,
        _ read: @escaping @Sendable (JSONValue) -> Literal?,
        _ test: @escaping @Sendable (ChoiceTest.Operand<Literal>) -> ChoiceTest
    ) {
        self[name] = { compiler, name, operand, place in
            compiler.literal(read(operand), of: name, kind, at: place).map { test(.literal($0)) }
        }
        self[name + "Path"] = { compiler, name, operand, place in
            compiler.path(operand, field: name, at: place).map { test(.path($0)) }
        }
    }
}
