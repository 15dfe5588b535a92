import JSON
import Postgres

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
            .init("items", "NUMBER", "how many items a Map has: 10000, of a map run 100000, unless given"),
            .init("children", "TYPE", "map-run: standard, express or both", fallback: "both"),
            .init("bytes", "NUMBER", "the size of payloads: 200, of scenario payload 10000, unless given"),
            .init("connections", "NUMBER", "how many HTTP connections ask at once", fallback: "32"),
            .init("processes", "NUMBER", "how many processes a function has in each worker", fallback: "32"),
            .init("sleepers", "NUMBER", "how many branches sleep", fallback: "1000000"),
            .init("history", "NUMBER", "growth: how many history rows the database grows to", fallback: "2000000"),
            .init(
                "seconds",
                "NUMBER",
                "growth: how long a snapshot is held, 600 unless given; soak: how long it lasts, 1800"
            ),
            .init("polls", "NUMBER", "memory: how many polls, and branches, a process holds", fallback: "10000"),
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
            + CommandSyntax.table(BenchScenario.allCases.map { ($0.rawValue, $0.help) } + others)
                + """

                Each tells its rate, the limit (bare SQL of the same shape on the same server in the same run) and the yardstick
                (8 clients, prepared UPDATEs of one row), both before and after; then how long an execution or a request took;
                commits, rows, WAL and round trips, of the whole server; and processor time by /proc, of Braid (in scenarios that
                this process works on, with the load) and of PostgreSQL if it runs here. A run is repeated, twice at most, when
                the yardstick before and after differs by more than half. Compare ratios within a run, not rates between
                machines. A server without fsync or synchronous_commit is refused.
                """
    )

    /// What is no measure of speed.
    private static let others = [
        (
            label: "map-run",
            text: "a Distributed Map over --items rows of CSV, a Pass and a no-op task, EXPRESS and STANDARD; items/s"
        ),
        (label: "growth", text: "chain again on an aged database: --history, --sleepers, 500 states, a held snapshot"),
        (
            label: "memory",
            text: "what a service with --polls polls, and a worker with as many branches, have in memory"
        ),
        (label: "crash", text: "how long 1000 executions stand still when their worker is killed"),
        (label: "soak", text: "whether the memory of a process grows in --seconds of load"),
    ]
    static let otherNames = others.map(\.label)

    static func run(_ invocation: Invocation) async throws -> ExitStatus {
        switch invocation.operand(0) {
        case "process": return try await BenchProcess.run(invocation)
        case "function": return try BenchFunction.run(invocation)
        default: break
        }
        let options = try BenchOptions(invocation)
        switch invocation.operand(0) {
        case "growth": return try await measureGrowth(options, invocation)
        case "map-run":
            return try await tell("map-run", options, invocation) { connection in
                try await BenchMapRun(options, connection, invocation.output).measure()
            }
        case "memory":
            return try await tell("memory", options, invocation) { connection in
                try await BenchMemory(options, connection).measure()
            }
        case "crash":
            return try await tell("crash", options, invocation) { connection in
                try await BenchCrash(options, connection).measure()
            }
        case "soak":
            return try await tell("soak", options, invocation) { connection in
                try await BenchSoak(options, connection, invocation.output).measure()
            }
        default: break
        }
        let result = try await Bench.run(options, output: invocation.output)
        if invocation.wantsJSON {
            invocation.answer(.object(result.json))
        } else {
            for line in result.lines { invocation.output.line(line) }
        }
        return .success
    }

    private static func measureGrowth(_ options: BenchOptions, _ invocation: Invocation) async throws -> ExitStatus {
        let growth = try await Bench.withDatabase(options.database, invocation.output) { connection in
            let growth = try await BenchGrowth.measure(options, connection, invocation.output)
            return (lines: growth.lines, json: growth.json)
        }
        if invocation.wantsJSON {
            invocation.answer(growth.json)
        } else {
            for line in growth.lines { invocation.output.line(line) }
        }
        return .success
    }

    /// Tells figures that have no limit beside them.
    private static func tell(
        _ scenario: String,
        _ options: BenchOptions,
        _ invocation: Invocation,
        _ measure: (ConnectionSettings) async throws -> [(name: String, value: Double)]
    ) async throws -> ExitStatus {
        let figures = try await Bench.withDatabase(options.database, invocation.output, measure)
        var object: JSONObject = ["scenario": .string(scenario)]
        for (name, value) in figures { object[name] = .number(JSONNumber(BenchResult.rounded(value))) }
        if invocation.wantsJSON {
            invocation.answer(.object(object))
        } else {
            for (name, value) in figures { invocation.output.line("\(name): \(BenchResult.text(value))") }
        }
        return .success
    }
}
