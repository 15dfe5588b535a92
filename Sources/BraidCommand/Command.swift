/// One of `braid`'s commands.
struct Command: Sendable {
    let syntax: CommandSyntax
    /// Does what was asked.
    ///
    /// Throws `UsageError`, `CommandFailure` or `ServiceRefusal`, which are told to the person; anything else is a defect
    /// that is told too.
    let run: @Sendable (Invocation) async throws -> ExitStatus

    init(_ syntax: CommandSyntax, _ run: @escaping @Sendable (Invocation) async throws -> ExitStatus) {
        self.syntax = syntax
        self.run = run
    }
}

/// Options that several commands take.
extension CommandSyntax.Option {
    static let json = Self("json", "answers with JSON, for programs")
    static let endpoint = Self(
        "endpoint",
        "URL",
        "where the service listens",
        fallback: "http://127.0.0.1:8083",
        variable: "BRAID_ENDPOINT"
    )
    static let substitute = Self(
        "substitute",
        "NAME=VALUE",
        "what ${NAME} in a definition stands for",
        repeated: true
    )
    static let functions = Self(
        "functions",
        "FILE",
        "the functions file: what runs behind each function's name",
        variable: "BRAID_FUNCTIONS"
    )
    static let region = Self("region", "REGION", "the region in ARNs", fallback: "us-east-1", variable: "BRAID_REGION")
    static let account = Self(
        "account",
        "NUMBER",
        "the account in ARNs, 12 digits",
        fallback: "123456789012",
        variable: "BRAID_ACCOUNT"
    )
    static let input = Self(
        "input",
        "JSON",
        "the input: JSON, @FILE for what a file holds, or - for standard input",
        fallback: "{}"
    )
    static let dataDirectory = Self(
        "data-dir",
        "DIR",
        "where the embedded PostgreSQL keeps its data",
        fallback: ".braid",
        variable: "BRAID_DATA_DIR"
    )
    static let database = Self(
        "database",
        "URL",
        "a PostgreSQL of your own instead of the embedded one: postgres://user@host/name",
        variable: "BRAID_DATABASE"
    )
}
