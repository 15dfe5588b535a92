import Objects

/// Where objects are: in a folder, or at an S3 endpoint.
struct ObjectPlace: Sendable {
    let store: any ObjectStore
    /// How it is told to whoever runs the process.
    let text: String

    private init(store: any ObjectStore, text: String) {
        self.store = store
        self.text = text
    }

    init(folder: String) { self.init(store: DirectoryObjects(root: folder), text: folder) }

    /// Takes what the command line says; without that an endpoint that the environment names, else nothing.
    init?(_ text: String?, _ invocation: Invocation) throws(UsageError) {
        var settings = S3Settings(environment: invocation.environment)
        switch text {
        case nil:
            guard invocation.environment["AWS_ENDPOINT_URL_S3"].map({ !$0.isEmpty }) ?? false else { return nil }
        case "s3": break
        case let text? where text.hasPrefix("s3+"):
            let endpoint = String(text.dropFirst(3))
            guard endpoint.hasPrefix("http://") || endpoint.hasPrefix("https://") else {
                throw UsageError(
                    "--objects must be a folder, 's3' or 's3+http://HOST:PORT', not '\(text)'",
                    command: invocation.syntax
                )
            }
            settings.endpoint = endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint
        case let folder?:
            guard !folder.isEmpty else { throw UsageError("--objects must not be empty", command: invocation.syntax) }
            self.init(folder: folder)
            return
        }
        self.init(store: S3Objects(settings), text: settings.endpoint)
    }
}
