import JSON
import Telemetry

/// The command line as a whole: finds the command, runs it, and says what went wrong.
enum Program {
    static let version = "0.1.0"

    /// In the order in which the help lists them.
    static let groups: [(title: String, commands: [Command])] = [
        (
            "Definitions",
            [
                Command(ValidateCommand.syntax, ValidateCommand.run), Command(RunCommand.syntax, RunCommand.run),
                Command(GraphCommand.syntax, GraphCommand.run), Command(JSONataCommand.syntax, JSONataCommand.run),
            ]
        ),
        (
            "Running Braid",
            [
                Command(DevCommand.syntax, DevCommand.run),
                Command(PartCommands.serve, PartCommands.runService),
                Command(PartCommands.worker, PartCommands.runWorker),
                Command(PartCommands.scheduler, PartCommands.runScheduler),
            ]
        ),
        (
            "The database",
            [
                Command(MigrateCommand.syntax, MigrateCommand.run), Command(SQLCommand.syntax, SQLCommand.run),
                Command(BenchCommand.syntax, BenchCommand.run),
            ]
        ),
        (
            "A running service",
            [
                Command(DeployCommand.syntax, DeployCommand.run),
                Command(StartCommand.syntax, StartCommand.run),
                Command(ListCommand.syntax, ListCommand.run),
                Command(DescribeCommand.syntax, DescribeCommand.run),
                Command(HistoryCommand.syntax, HistoryCommand.run),
                Command(StopCommand.syntax, StopCommand.run),
                Command(RedriveCommand.syntax, RedriveCommand.run),
                Command(TopCommand.syntax, TopCommand.run),
            ]
        ),
        (
            "Help",
            [
                Command(DoctorCommand.syntax, DoctorCommand.run),
                Command(CompletionCommand.syntax, CompletionCommand.run),
                Command(ManCommand.syntax, ManCommand.run),
            ]
        ),
    ]

    /// Runs what the words say.
    static func run(
        _ words: [String],
        environment: [String: String],
        output: Output
    ) async -> ExitStatus {
        defer { output.progress?.clear() }
        do {
            return try await dispatch(words, environment: environment, output: output)
        } catch is CancellationError {
            return .interrupted
        } catch {
            let complaint = Complaint(of: error)
            output.note(words.contains("--json") ? complaint.json.text : "braid: \(complaint.text)")
            return complaint.status
        }
    }

    private static func dispatch(
        _ words: [String],
        environment: [String: String],
        output: Output
    ) async throws -> ExitStatus {
        guard let name = words.first else {
            output.line(help)
            return .usage
        }
        switch name {
        case "--help", "-h",
            "help" where words.count == 1:
            output.line(help)
            return .success
        case "--version", "version":
            output.line("braid \(version)")
            return .success
        case "help":
            return try await dispatch([words[1], "--help"], environment: environment, output: output)
        default:
            break
        }
        let commands = groups.flatMap(\.commands)
        guard let command = commands.first(where: { $0.syntax.name == name }) else {
            let names = commands.map(\.syntax.name)
            throw UsageError("there is no command '\(name)'", didYouMean: Suggestion.closest(to: name, among: names))
        }
        let arguments = try Arguments(Array(words.dropFirst()), for: command.syntax)
        if arguments.has("help") {
            output.line(command.syntax.help(width: output.width))
            return .success
        }
        let invocation = Invocation(
            syntax: command.syntax,
            arguments: arguments,
            environment: environment,
            output: output
        )
        try setUpLog(invocation)
        return try await command.run(invocation)
    }

    /// What `braid --help` prints.
    static var help: String {
        var text = """
            Braid runs workflows written in the Amazon States Language, durably, on PostgreSQL.

            Usage: braid COMMAND [arguments] [options]

            """
        for group in groups {
            let rows = group.commands.map { ($0.syntax.name, $0.syntax.summary) }
            text += "\n\(group.title):\n" + CommandSyntax.table(rows)
        }
        text += """

            'braid COMMAND --help' tells more of each; 'braid --version' tells the version.
            Exit status: 0 done; 1 answered, but not well (an execution failed, a definition is not valid, the service
            refused); 2 wrong arguments, file or input; 3 service, database or port not to be had; 130 interrupted.
            """
        return text
    }

    private static func setUpLog(_ invocation: Invocation) throws(UsageError) {
        if let text = invocation.value("log-level") {
            guard let level = LogLevel(rawValue: text) else {
                let levels = LogLevel.allCases.map(\.rawValue).joined(separator: ", ")
                throw UsageError("--log-level must be one of \(levels), not '\(text)'", command: invocation.syntax)
            }
            LogDefaults.current.level = level
        }
        switch invocation.value("log-format") {
        case "json": LogDefaults.current.sink = JSONLogSink()
        case "text", nil: break
        case .some(let other):
            throw UsageError("--log-format must be text or json, not '\(other)'", command: invocation.syntax)
        }
    }
}
