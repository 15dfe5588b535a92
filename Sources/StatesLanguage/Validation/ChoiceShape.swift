import JSON

/// The shape of a Choice state's rules: what must and must not stand beside what.
///
/// Source: reference §9; measured.
enum ChoiceShape {
    /// Every operator that takes a `Variable`.
    static let operators: [String] = {
        let comparisons = ["Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals"]
        let typed = ["String", "Numeric", "Timestamp"].flatMap { type in
            comparisons.flatMap { ["\(type)\($0)", "\(type)\($0)Path"] }
        }
        return typed + ["BooleanEquals", "BooleanEqualsPath", "StringMatches"]
            + ["IsNull", "IsPresent", "IsNumeric", "IsString", "IsBoolean", "IsTimestamp"]
    }()

    private static let combinators = ["And", "Or", "Not", "Variable", "Condition"]
    private static let nested = Set(combinators + operators + ["Comment"])
    private static let topLevel = nested.union(["Next", "Assign", "Output"])

    /// Rules nested deeper than this are refused, as nothing a person writes.
    private static let deepest = 64

    /// Checks one rule; only a rule of the list itself has a `Next`.
    static func check(_ rule: Fields, isTopLevel: Bool, depth: Int = 0) {
        guard depth < deepest else {
            rule.findings.add(.tooDeeplyNested, "Choice rules are nested more than \(deepest) deep", at: rule.place)
            return
        }
        if isTopLevel { rule.require("Next") }
        rule.allow(only: isTopLevel ? topLevel : nested)
        guard rule.language == .jsonPath else {
            rule.refuse(["Variable", "And", "Or", "Not"], onlyFor: .jsonPath)
            return
        }
        rule.refuse(["Condition", "Output"], onlyFor: .jsonata)
        let count = combinators.count { rule.has($0) }
        guard count == 1 else {
            rule.findings.schema(
                "The object must have only one of the following fields, [\(combinators.joined(separator: ", "))]",
                at: rule.place
            )
            return
        }
        checkOperands(of: rule, depth: depth)
    }

    private static func checkOperands(of rule: Fields, depth: Int) {
        let present = operators.filter { rule.has($0) }
        if rule.has("Variable") {
            if present.isEmpty {
                rule.findings.schema(
                    "This object should have only one of the following fields: [\(operators.joined(separator: ", "))]",
                    at: rule.place
                )
            } else if present.count > 1 {
                rule.findings.schema(
                    "There should only be one of the following fields: [\(present.joined(separator: ", "))]",
                    at: rule.place
                )
            }
        } else if let stray = present.first {
            rule.findings.schema("Field '\(stray)' is not supported", at: rule.place)
        }
        for name in present { checkOperand(name, of: rule) }
        checkPath("Variable", of: rule)
        for name in ["And", "Or"] where rule.has(name) {
            for (index, element) in (rule.nonEmptyArray(name) ?? []).enumerated() {
                guard let nested = rule.fields(element, at: rule.place(of: name).appending(index)) else { continue }
                check(nested, isTopLevel: false, depth: depth + 1)
            }
        }
        if let nested = rule.fields("Not") { check(nested, isTopLevel: false, depth: depth + 1) }
    }

    /// Checks that what an operator compares with is of the operator's type.
    private static func checkOperand(_ name: String, of rule: Fields) {
        if name.hasSuffix("Path") {
            checkPath(name, of: rule)
        } else if name.hasPrefix("Is") || name.hasPrefix("Boolean") {
            _ = rule.boolean(name)
        } else if name.hasPrefix("Numeric") {
            _ = rule.number(name, in: -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude)
        } else if let text = rule.string(name), name.hasPrefix("Timestamp"), Timestamp(rfc3339: text) == nil {
            rule.findings.schema("String does not match RFC3339 timestamp", at: rule.place(of: name))
        }
    }

    /// Checks a path.
    ///
    /// AWS's text says that it must be a Reference Path; any Path is accepted, as the language has it.
    private static func checkPath(_ name: String, of rule: Fields) {
        guard let text = rule.string(name) else { return }
        if !text.hasPrefix("$") {
            let message = "Value is not a Reference Path: Reference path didn't start with '$'"
            rule.findings.schema(message, at: rule.place(of: name))
        } else {
            _ = rule.path(name)
        }
    }
}
