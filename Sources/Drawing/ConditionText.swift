import JSON

/// A rule of a Choice as a person would write it.
enum ConditionText {
    static func of(_ rule: JSONValue) -> String {
        if let condition = rule["Condition"]?.string {
            let inner =
                condition.hasPrefix("{%") && condition.hasSuffix("%}")
                ? condition.dropFirst(2).dropLast(2) : condition[...]
            return String(inner.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
        if let rules = rule["And"]?.array { return rules.map(nested).joined(separator: " and ") }
        if let rules = rule["Or"]?.array { return rules.map(nested).joined(separator: " or ") }
        if let inner = rule["Not"] { return "not (\(of(inner)))" }
        let variable = rule["Variable"]?.string ?? "?"
        guard
            let (name, value) = rule.object?.first(where: { operators[bare($0.key)] != nil || $0.key.hasPrefix("Is") })
        else { return variable }
        if name.hasPrefix("Is") {
            let what = words(String(name.dropFirst(2)))
            return "\(variable) is \(value.bool == false ? "not " : "")\(what)"
        }
        return
            "\(variable) \(operators[bare(name)] ?? name) \(name.hasSuffix("Path") ? value.string ?? "?" : value.text)"
    }

    private static func nested(_ rule: JSONValue) -> String {
        rule["And"] != nil || rule["Or"] != nil ? "(\(of(rule)))" : of(rule)
    }

    /// What is compared how, by the operator's name without its type and without `Path`.
    private static let operators = [
        "Equals": "=", "LessThan": "<", "GreaterThan": ">", "LessThanEquals": "≤", "GreaterThanEquals": "≥",
        "Matches": "matches",
    ]

    private static func bare(_ name: String) -> String {
        var name = name[...]
        for type in ["String", "Numeric", "Boolean", "Timestamp"] where name.hasPrefix(type) {
            name = name.dropFirst(type.count)
        }
        return String(name.hasSuffix("Path") ? name.dropLast(4) : name)
    }

    /// `Present` gives `present`.
    private static func words(_ name: String) -> String { name.lowercased() }
}
