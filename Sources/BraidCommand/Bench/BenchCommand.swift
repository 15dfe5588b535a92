import JSON

/// `braid bench`: measures the engine on a real PostgreSQL, beside what that PostgreSQL does by itself.
enum BenchCommand {
    static let syntax = CommandSyntax(
        "bench",
        "Measures the engine beside what the same PostgreSQL does in bare SQL",
        operands: [
            .init("SCENARIO", "what is measured; see below"),
            .init(
                "ARGUMENT",
                "of 'process' and 'function', which the bench itself starts",
                optional: true,
                repeated: true
            ),
        ],
        options: [
            .init("executions", "NUMBER", "how many executions; each scenario has its own number unless given"),
            .init("tasks", "NUMBER", "how many tasks a chain has", fallback: "10"),
            .init("items", "NUMBER", "how many items a Map has", fallback: "10000"),
            .init("bytes", "NUMBER", "the size of payloads: 200, of scenario payload 10000, unless given"),
            .init("connections", "NUMBER", "how many HTTP connections ask at once", fallback: "32"),
            .init("processes", "NUMBER", "how many processes a function has in each worker", fallback: "32"),
            .init("sleepers", "NUMBER", "how many branches sleep", fallback: "1000000"),
            .init(
                "workers",
                "NUMBER",
                "worker processes; 0 is one process for all (\(BenchScenario.spread))",
                fallback: "0"
            ),
            .init(
                "database",
                "URL",
                "an empty database to measure on; one of its own, removed afterwards, unless given"
            ),
            .json,
        ],
        notes: "Scenarios:\n"
            + CommandSyntax.table(BenchScenario.allCases.map { ($0.rawValue, $0.help) })
                + """

                Each tells its rate, the limit (bare SQL of the same shape on the same server in the same run) and the yardstick
                (8 clients, prepared UPDATEs of one row), both before and after; then how long an execution or a request took;
                commits, rows, WAL and round trips, of the whole server; and processor time by /proc, of Braid (in scenarios that
                this process works on, with the load) and of PostgreSQL if it runs here. A run is repeated, twice at most, when
                the yardstick before and after differs by more than half. Compare ratios within a run, not rates between
                machines. A server without fsync or synchronous_commit is refused.
                """
    )

    static func run(_ invocation: Invocation) async throws -> ExitStatus {
        switch invocation.operand(0) {
        case "process": return try await BenchProcess.run(invocation)
        case "function": return try BenchFunction.run(invocation)
        default: break
        }
        let options = try BenchOptions(invocation)
        let result = try await Bench.run(options, output: invocation.output)
        if invocation.wantsJSON {
            invocation.answer(.object(result.json))
        } else {
            for line in result.lines { invocation.output.line(line) }
        }
        return result.isSteady ? .success : .failure
    }
}
