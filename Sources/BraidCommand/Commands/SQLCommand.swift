/// `braid sql`: tells how to reach the database.
enum SQLCommand {
    static let syntax = CommandSyntax(
        "sql",
        "Prints the URL of the database, for psql",
        options: [.dataDirectory, .database],
        notes: """
            psql "$(braid sql)" -c 'SELECT * FROM braid.failures_by_state'
            """
    )

    static func run(_ invocation: Invocation) async throws -> ExitStatus {
        invocation.output.line(try Database.running(invocation).url)
        return .success
    }
}
