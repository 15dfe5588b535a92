/// `braid dev`: everything in one process.
enum DevCommand {
    static let syntax = CommandSyntax(
        "dev",
        "Runs everything in one process, with a PostgreSQL of its own",
        options: [
            .listen, .consoleHosts, .dataDirectory, .functions, .mockConfiguration, .database, .readerDatabase, .region,
            .account,
            .capacity, .objects,
            .maxPayload,
            .maxHistory, .rowBytes, .unservedGrace, .retention, .traces,
        ],
        notes: """
            Answers the AWS protocol and shows the console at --listen; GET /readyz answers 200 once it can work. Functions
            are started anew when their files change. Ctrl-C ends it in order: what has begun is finished, for at most half
            a minute; a second one ends it at once. What was accepted is kept in --data-dir and goes on at the next start.
            """
    )

    static func run(_ invocation: Invocation) async throws -> ExitStatus {
        var settings = try ProcessSettings([.service, .worker, .scheduler], invocation)
        settings.reloadsFunctions = true
        settings.objects = settings.objects ?? ObjectPlace(folder: settings.dataDirectory + "/objects")
        return try await Composition(settings, output: invocation.output).run()
    }
}
