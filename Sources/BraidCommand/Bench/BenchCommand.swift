import JSON

/// `braid bench`: measures the engine on a real PostgreSQL, beside what that PostgreSQL does by itself.
enum BenchCommand {
    static let syntax = CommandSyntax(
        "bench",
        "Measures the engine beside what the same PostgreSQL does in bare transactions",
        operands: [.init("SCENARIO", "chain (tasks in a row) or map (one inline Map of many items)")],
        options: [
            .init("executions", "NUMBER", "chain: how many executions", fallback: "1000"),
            .init("tasks", "NUMBER", "chain: how many tasks each has", fallback: "10"),
            .init("items", "NUMBER", "map: how many items", fallback: "10000"),
            .init(
                "database",
                "URL",
                "an empty database to measure on; one of its own, removed afterwards, unless given"
            ),
            .json,
        ],
        notes: """
            Tasks are no-ops performed in this process; payloads have 200 bytes; fsync and synchronous_commit are on. The limit
            is what 8 connections do in transactions of a single-row UPDATE, measured before and after: compare ratios within a
            run, not rates between machines.
            """
    )

    static func run(_ invocation: Invocation) async throws -> ExitStatus {
        let scenario: BenchScenario
        switch invocation.operand(0) {
        case "chain":
            scenario = .chain(
                executions: try invocation.number("executions", in: 1...1_000_000) ?? 1_000,
                tasks: try invocation.number("tasks", in: 1...1_000) ?? 10
            )
        case "map": scenario = .map(items: try invocation.number("items", in: 1...100_000) ?? 10_000)
        default:
            throw UsageError("bench takes a scenario: chain or map", command: syntax)
        }
        let result = try await Bench.run(scenario, database: invocation.value("database"), output: invocation.output)
        if invocation.wantsJSON {
            invocation.answer(.object(result.json))
        } else {
            for line in result.lines { invocation.output.line(line) }
        }
        return .success
    }
}
