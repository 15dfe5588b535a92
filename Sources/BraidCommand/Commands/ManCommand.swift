/// `braid man`: the manual page, made of what the commands say of themselves.
enum ManCommand {
    static let syntax = CommandSyntax(
        "man",
        "Prints the manual page",
        notes: """
            braid man > /usr/local/share/man/man1/braid.1
            braid man | man -l -
            """
    )

    static func run(_ invocation: Invocation) async throws -> ExitStatus {
        invocation.output.line(page)
        return .success
    }

    /// The page in the language of `man(7)`.
    static var page: String {
        var text = """
            .TH BRAID 1 "" "Braid \(Program.version)" "Braid"
            .SH NAME
            braid \\- runs workflows written in the Amazon States Language, durably, on PostgreSQL
            .SH SYNOPSIS
            .B braid
            .I COMMAND
            [arguments] [options]
            .SH COMMANDS

            """
        for group in Program.groups {
            text += ".SS \(escaped(group.title))\n"
            for command in group.commands { text += section(command.syntax) }
        }
        return text + """
            .SH EXIT STATUS
            0 done; 1 answered, but not well (an execution failed, a definition is not valid, the service refused); 2 wrong
            arguments, file or input; 3 service, database or port not to be had; 130 interrupted.
            .SH ENVIRONMENT
            Options may come from the variables named with them.
            """
    }

    private static func section(_ command: CommandSyntax) -> String {
        var text = ".TP\n.B \(escaped("braid " + command.usage))\n\(escaped(command.summary)).\n.RS\n"
        for operand in command.operands { text += ".TP\n.I \(escaped(operand.name))\n\(escaped(operand.help))\n" }
        for option in command.options where !CommandSyntax.common.contains(where: { $0.name == option.name }) {
            let value = option.value.map { " \\fI\(escaped($0))\\fR" } ?? ""
            let variable = option.variable.map { " (or \($0))" } ?? ""
            let fallback = option.fallback.map { " [\($0)]" } ?? ""
            text +=
                ".TP\n\\fB\\-\\-\(escaped(option.name))\\fR\(value)\n\(escaped(option.help + fallback + variable))\n"
        }
        if !command.notes.isEmpty { text += ".PP\n\(escaped(command.notes))\n" }
        return text + ".RE\n"
    }

    /// Text in which nothing is a request: hyphens are hyphens, and no line begins with a dot or a quote.
    private static func escaped(_ text: String) -> String {
        let plain = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
        return plain.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.hasPrefix(".") || line.hasPrefix("'") ? "\\&\(line)" : String(line)
        }.joined(separator: "\n")
    }
}
