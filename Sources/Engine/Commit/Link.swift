import Postgres
import Store
import Telemetry

/// A connection of one user's own, made anew when it is lost.
actor Link {
    private let settings: ConnectionSettings
    private let logger: Logger
    private let prepare: @Sendable (Connection) async throws(StoreError) -> Void
    private var current: Connection?

    /// Makes a link; `prepare` is done with each new connection before it is used.
    init(
        _ settings: ConnectionSettings,
        logger: Logger,
        prepare: @escaping @Sendable (Connection) async throws(StoreError) -> Void = { _ in }
    ) {
        self.settings = settings
        self.logger = logger
        self.prepare = prepare
    }

    func connection() async throws(StoreError) -> Connection {
        if let current { return current }
        let made: Connection
        do {
            made = try await Connection.connect(to: settings)
        } catch {
            throw StoreError.unavailable(error.description)
        }
        try await prepare(made)
        current = made
        return made
    }

    /// The connection is no good any more.
    func lost(_ reason: String) async {
        guard let lost = current else { return }
        current = nil
        logger.warning("a connection was lost", [("reason", reason)])
        await lost.close()
    }

    func close() async {
        await current?.close()
        current = nil
    }
}
