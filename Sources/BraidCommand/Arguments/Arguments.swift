/// What was said on a command line, checked against what the command takes.
struct Arguments: Sendable, Equatable {
    private(set) var operands: [String] = []
    private var values: [String: [String]] = [:]

    /// Reads the words behind a command's name.
    ///
    /// `--name value` and `--name=value` mean the same; words behind `--` are operands whatever they look like, and `-`
    /// by itself is one.
    init(_ words: [String], for syntax: CommandSyntax) throws(UsageError) {
        var rest = words[...]
        while let word = rest.popFirst() {
            if word == "--" {
                operands += rest
                break
            }
            let name = word == "-h" ? "--help" : word
            guard name.hasPrefix("-"), name != "-" else {
                operands.append(word)
                continue
            }
            try readOption(name, &rest, syntax)
        }
        // Whoever asks for help need not get the rest right.
        guard !has("help") else { return }
        let required = syntax.operands.filter { !$0.isOptional }
        if operands.count < required.count {
            throw UsageError("\(required[operands.count].name) is missing", command: syntax)
        }
        let takesMany = syntax.operands.last?.isRepeated == true
        if operands.count > syntax.operands.count, !takesMany {
            throw UsageError("'\(operands[syntax.operands.count])' is one argument too many", command: syntax)
        }
    }

    private mutating func readOption(
        _ word: String,
        _ rest: inout ArraySlice<String>,
        _ syntax: CommandSyntax
    ) throws(UsageError) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let name = String(parts[0].drop { $0 == "-" })
        guard parts[0].hasPrefix("--"), let option = syntax.option(name) else {
            let similar = Suggestion.closest(to: name, among: syntax.options.map(\.name)).map { "--\($0)" }
            throw UsageError("there is no option '\(parts[0])'", didYouMean: similar, command: syntax)
        }
        if values[name] != nil, !option.isRepeated {
            throw UsageError("--\(name) is given twice", command: syntax)
        }
        guard let label = option.value else {
            guard parts.count == 1 else { throw UsageError("--\(name) takes no value", command: syntax) }
            values[name] = []
            return
        }
        guard let value = parts.count == 2 ? parts[1] : rest.popFirst() else {
            throw UsageError("--\(name) needs a value: \(label)", command: syntax)
        }
        values[name, default: []].append(value)
    }

    /// Whether an option was given.
    func has(_ name: String) -> Bool { values[name] != nil }

    /// The value that an option was given, the first if several.
    func value(_ name: String) -> String? { values[name]?.first }

    /// All values that an option was given.
    func all(_ name: String) -> [String] { values[name] ?? [] }
}

/// A command line that cannot be understood.
struct UsageError: Error, Equatable, CustomStringConvertible {
    let message: String
    /// What was probably meant.
    let suggestion: String?
    /// The command that was to run, if that much was understood.
    let command: String?

    init(_ message: String, didYouMean suggestion: String? = nil, command: CommandSyntax? = nil) {
        self.message = message
        self.suggestion = suggestion
        self.command = command?.name
    }

    var description: String {
        let guess = suggestion.map { "; did you mean '\($0)'?" } ?? ""
        let help = command.map { "braid \($0) --help" } ?? "braid --help"
        return "\(message)\(guess) (see '\(help)')"
    }
}
