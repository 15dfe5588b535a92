/// What a command takes on its command line, and what its `--help` says.
struct CommandSyntax: Sendable {
    /// Words that stand by themselves.
    struct Operand: Sendable {
        let name: String
        let help: String
        let isOptional: Bool
        let isRepeated: Bool

        init(_ name: String, _ help: String, optional: Bool = false, repeated: Bool = false) {
            self.name = name
            self.help = help
            isOptional = optional
            isRepeated = repeated
        }
    }

    /// A word that begins with two hyphens, and what follows it.
    struct Option: Sendable {
        let name: String
        /// What stands for its value in the help; `nil` where it takes none.
        let value: String?
        let help: String
        /// What holds where neither the command line nor the environment says otherwise.
        let fallback: String?
        /// The environment variable that it may come from.
        let variable: String?
        let isRepeated: Bool

        init(
            _ name: String,
            _ value: String?,
            _ help: String,
            fallback: String? = nil,
            variable: String? = nil,
            repeated: Bool = false
        ) {
            self.name = name
            self.value = value
            self.help = help
            self.fallback = fallback
            self.variable = variable
            isRepeated = repeated
        }

        /// One that takes no value.
        init(_ name: String, _ help: String) { self.init(name, nil, help) }
    }

    let name: String
    /// One line, for the list of commands.
    let summary: String
    let operands: [Operand]
    let options: [Option]
    /// What the help says below the options.
    let notes: String

    init(
        _ name: String,
        _ summary: String,
        operands: [Operand] = [],
        options: [Option] = [],
        notes: String = ""
    ) {
        self.name = name
        self.summary = summary
        self.operands = operands
        self.options = options + Self.common
        self.notes = notes
    }

    /// What every command takes.
    static let common = [
        Option("log-level", "LEVEL", "what the log tells: debug, info, warning or error", variable: "BRAID_LOG_LEVEL"),
        Option("log-format", "FORMAT", "text or json", fallback: "text", variable: "BRAID_LOG_FORMAT"),
        Option("help", "shows this"),
    ]

    /// The option of a name without its hyphens.
    func option(_ name: String) -> Option? { options.first { $0.name == name } }
}

// MARK: - Help

extension CommandSyntax {
    /// What `braid NAME --help` prints; lines of its tables end where the terminal does, if it goes to one.
    func help(width: Int? = nil) -> String {
        var text = "\(summary)\n\nUsage: braid \(usage)\n"
        if !operands.isEmpty {
            text += "\nArguments:\n" + Self.table(operands.map { ($0.name, $0.help) }, width: width)
        }
        let rows = options.map { option in
            let label = option.value.map { "--\(option.name) \($0)" } ?? "--\(option.name)"
            return (label, option.help + Self.remarks(on: option))
        }
        text += "\nOptions:\n" + Self.table(rows, width: width)
        if !notes.isEmpty { text += "\n\(notes)\n" }
        return text
    }

    /// The command with what it takes, on one line.
    var usage: String {
        let words = operands.map { operand in
            let word = operand.isRepeated ? "\(operand.name)..." : operand.name
            return operand.isOptional ? "[\(word)]" : word
        }
        return ([name] + words + ["[options]"]).joined(separator: " ")
    }

    private static func remarks(on option: Option) -> String {
        var remarks: [String] = []
        if option.isRepeated { remarks.append("may be repeated") }
        if let fallback = option.fallback { remarks.append("default: \(fallback)") }
        if let variable = option.variable { remarks.append("or \(variable)") }
        return remarks.isEmpty ? "" : " (\(remarks.joined(separator: "; ")))"
    }

    /// Two columns; a label too wide for its column has its text on the next line.
    static func table(_ rows: [(label: String, text: String)], width: Int? = nil) -> String {
        let column = min(rows.map(\.label.count).max() ?? 0, 28)
        let margin = String(repeating: " ", count: column + 4)
        return rows.map { label, text in
            let isNarrow = label.count <= column
            let space = isNarrow ? String(repeating: " ", count: column - label.count + 2) : "\n" + margin
            let lines = wrapped(text, to: width.map { max(24, $0 - margin.count) })
            return "  \(label)\(space)\(lines.joined(separator: "\n" + margin))\n"
        }.joined()
    }

    /// The text in lines of at most so many characters, as far as its words let it be so.
    private static func wrapped(_ text: String, to width: Int?) -> [String] {
        guard let width else { return [text] }
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
