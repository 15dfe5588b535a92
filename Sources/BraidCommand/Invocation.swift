import JSON

/// One call of a command: what was said, what the environment says, and where the answer goes.
struct Invocation: Sendable {
    let syntax: CommandSyntax
    let arguments: Arguments
    let environment: [String: String]
    let output: Output

    init(syntax: CommandSyntax, arguments: Arguments, environment: [String: String], output: Output) {
        self.syntax = syntax
        self.arguments = arguments
        self.environment = environment
        self.output = output
    }

    /// What holds for an option: what was said, else what the environment says, else its default.
    func value(_ name: String) -> String? {
        if let said = arguments.value(name) { return said }
        let option = syntax.option(name)
        if let variable = option?.variable, let set = environment[variable], !set.isEmpty { return set }
        return option?.fallback
    }

    /// Whether an option without a value was given.
    func has(_ name: String) -> Bool { arguments.has(name) }

    /// The operand with this index, if it was given.
    func operand(_ index: Int) -> String? {
        index < arguments.operands.count ? arguments.operands[index] : nil
    }

    /// What holds for an option that is a whole number.
    func number(_ name: String, in range: ClosedRange<Int>) throws(UsageError) -> Int? {
        guard let text = value(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw UsageError(
                "--\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound), not '\(text)'",
                command: syntax
            )
        }
        return number
    }

    /// The database that was named: a URL, or libpq's `host=... dbname=...`.
    ///
    /// libpq takes any other word for the name of a database on the system's own server, which nobody means.
    func databaseURL(_ name: String = "database") throws(UsageError) -> String? {
        guard let text = value(name) else { return nil }
        let isURL = text.hasPrefix("postgresql://") || text.hasPrefix("postgres://")
        guard isURL || text.contains("=") && !text.contains("://") else {
            throw UsageError(
                "--\(name) takes a URL such as postgresql://user@host/name, not '\(text)'",
                command: syntax
            )
        }
        return text
    }

    /// The `NAME=VALUE` pairs that an option was given.
    func pairs(_ name: String) throws(UsageError) -> [String: String] {
        var pairs: [String: String] = [:]
        for text in arguments.all(name) {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw UsageError("--\(name) takes NAME=VALUE, not '\(text)'", command: syntax)
            }
            pairs[String(parts[0])] = String(parts[1])
        }
        return pairs
    }

    /// Whether the answer is for a program (`--json`).
    var wantsJSON: Bool { arguments.has("json") }

    /// Where it is told how far long work is; nowhere if the answer is for a program.
    var progress: ProgressLine? { wantsJSON ? nil : output.progress }

    /// Writes the answer for a program: one JSON document.
    func answer(_ value: JSONValue) { output.line(value.text(pretty: output.width != nil)) }
}
