/// `braid serve`, `braid worker` and `braid scheduler`: the parts, each a process of its own.
enum PartCommands {
    private static let requiredDatabase = CommandSyntax.Option(
        "database",
        "URL",
        "the PostgreSQL that all parts share: postgres://user@host/name",
        variable: "BRAID_DATABASE"
    )

    static let serve = CommandSyntax(
        "serve",
        "Answers clients, on a PostgreSQL that others share",
        options: [
            .listen, .consoleHosts, requiredDatabase, .readerDatabase, .mockConfiguration, .region, .account,
            .maxPayload, .maxHistory,
            .traces,
        ],
        notes: "Executions that it starts are run by 'braid worker' processes."
    )

    static let worker = CommandSyntax(
        "worker",
        "Runs states and functions, on a PostgreSQL that others share",
        options: [
            requiredDatabase, .functions, .metricsListen, .region, .account, .capacity, .objects, .maxPayload,
            .maxHistory, .unservedGrace, .traces,
        ],
        notes: """
            Any number may run. Each takes only what its functions file, or the endpoint in LAMBDA_ENDPOINT, can do. SIGTERM
            lets it finish what it has begun and hand the rest to others.
            """
    )

    static let scheduler = CommandSyntax(
        "scheduler",
        "Watches deadlines, dead workers and retention, on a PostgreSQL that others share",
        options: [requiredDatabase, .metricsListen, .region, .account, .retention, .traces],
        notes: "Any number may run; the elected one works, and another takes over when it ends."
    )

    static func runService(_ invocation: Invocation) async throws -> ExitStatus {
        try await run(.service, invocation)
    }

    static func runWorker(_ invocation: Invocation) async throws -> ExitStatus { try await run(.worker, invocation) }

    static func runScheduler(_ invocation: Invocation) async throws -> ExitStatus {
        try await run(.scheduler, invocation)
    }

    private static func run(_ parts: ProcessSettings.Parts, _ invocation: Invocation) async throws -> ExitStatus {
        let settings = try ProcessSettings(parts, invocation)
        guard settings.databaseURL != nil else {
            throw UsageError(
                "--database is missing; 'braid dev' is what brings its own PostgreSQL along",
                command: invocation.syntax
            )
        }
        return try await Composition(settings, output: invocation.output).run()
    }
}
