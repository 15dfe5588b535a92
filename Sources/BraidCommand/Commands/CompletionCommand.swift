/// `braid completion`: what a shell completes of `braid`'s commands, options and files.
enum CompletionCommand {
    static let syntax = CommandSyntax(
        "completion",
        "Prints what a shell needs to complete commands and options",
        operands: [.init("SHELL", "bash, zsh or fish")],
        notes: """
            bash:  source <(braid completion bash)
            zsh:   source <(braid completion zsh)
            fish:  braid completion fish | source
            """
    )

    static func run(_ invocation: Invocation) async throws -> ExitStatus {
        let commands = Program.groups.flatMap(\.commands).map(\.syntax)
        switch invocation.operand(0) {
        case "bash": invocation.output.line(bash(commands))
        case "zsh": invocation.output.line("autoload -U +X bashcompinit && bashcompinit\n" + bash(commands))
        case "fish": invocation.output.line(fish(commands))
        default: throw UsageError("SHELL must be bash, zsh or fish", command: invocation.syntax)
        }
        return .success
    }

    private static func bash(_ commands: [CommandSyntax]) -> String {
        let cases = commands.map { command in
            let options = command.options.map { "--\($0.name)" }.joined(separator: " ")
            return "        \(command.name)) options='\(options)' ;;"
        }
        let names = commands.map(\.name).joined(separator: " ")
        return """
            _braid() {
                local word=${COMP_WORDS[COMP_CWORD]} options=''
                COMPREPLY=()
                if [ "$COMP_CWORD" -eq 1 ]; then
                    COMPREPLY=($(compgen -W '\(names) help' -- "$word"))
                    return
                fi
                case "${COMP_WORDS[1]}" in
            \(cases.joined(separator: "\n"))
                help) options='\(names)' ;;
                esac
                case "$word" in
                -*) COMPREPLY=($(compgen -W "$options" -- "$word")) ;;
                *)
                    [ "${COMP_WORDS[1]}" != help ] || COMPREPLY=($(compgen -W "$options" -- "$word"))
                    [ "${#COMPREPLY[@]}" -gt 0 ] || COMPREPLY=($(compgen -f -- "$word"))
                    ;;
                esac
            }
            complete -o filenames -F _braid braid
            """
    }

    private static func fish(_ commands: [CommandSyntax]) -> String {
        func quoted(_ text: String) -> String {
            "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
        }
        return commands.flatMap { command -> [String] in
            let head = "complete -c braid -n __fish_use_subcommand -f -a \(command.name) -d \(quoted(command.summary))"
            let options = command.options.map { option in
                let value = option.value == nil ? "" : " -r"
                return
                    "complete -c braid -n '__fish_seen_subcommand_from \(command.name)' -l \(option.name)\(value) -d "
                    + quoted(option.help)
            }
            return [head] + options
        }.joined(separator: "\n")
    }
}
