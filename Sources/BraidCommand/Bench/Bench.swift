import Cluster
import Foundation
import Postgres
import Store

/// Runs one scenario and measures it, between two looks at what the server does by itself.
enum Bench {
    static func run(_ options: BenchOptions, output: Output) async throws -> BenchResult {
        try await withDatabase(options.database, output) { connection in
            try await measure(options, on: connection, output)
        }
    }

    /// Lends a database: the one given, or one of its own that is removed afterwards.
    static func withDatabase<T: Sendable>(
        _ url: String?,
        _ output: Output,
        _ body: (ConnectionSettings) async throws -> T
    ) async throws -> T {
        if let url { return try await body(ConnectionSettings(url)) }
        let folder = FileManager.default.temporaryDirectory.appending(path: "braid-bench-\(UUID().uuidString)").path
        var settings = ClusterSettings(folder: folder)
        settings.isThrowAway = true
        let cluster = Cluster(settings)
        output.note("Starting a PostgreSQL of its own, with fsync and synchronous_commit on.")
        try await cluster.start()
        let result: Result<T, any Error>
        do {
            result = .success(try await body(await cluster.connectionSettings))
        } catch {
            result = .failure(error)
        }
        try? await cluster.shutDown(.fast)
        try? FileManager.default.removeItem(atPath: folder)
        return try result.get()
    }

    /// What the server says of its durability; one that keeps nothing is refused.
    static func durability(on connection: Connection) async throws -> [(name: String, setting: String)] {
        let durability = try await Store.durability(on: connection)
        for (name, setting) in durability where ["fsync", "synchronous_commit"].contains(name) && setting == "off" {
            throw CommandFailure(
                .failure,
                "\(name) is off on this server: what was measured there would not survive a crash, and says nothing",
                hint: "Set it to on; --database chooses another server."
            )
        }
        return durability
    }

    static func measure(
        _ options: BenchOptions,
        on connection: ConnectionSettings,
        _ output: Output
    ) async throws -> BenchResult {
        let run = try await BenchRun(options, connection)
        let durability = try await durability(on: run.setup)
        var result: BenchResult
        var tries = 0
        repeat {
            let before = try await Yardstick.measure(connection, for: options.reference)
            let limitBefore = try await run.limit()
            let measure = try await run.measure()
            let limitAfter = try await run.limit()
            let after = try await Yardstick.measure(connection, for: options.reference)
            var limit = limitBefore
            limit.perSecond = (limitBefore.perSecond + limitAfter.perSecond) / 2
            limit.latencies += limitAfter.latencies
            result = BenchResult(
                options: options,
                measure: measure,
                yardstick: (before, after),
                limit: limit,
                durability: durability
            )
            tries += 1
            if !result.isSteady, tries < 3 { output.note("The machine was not steady meanwhile; measuring again.") }
        } while !result.isSteady && tries < 3
        await run.setup.close()
        return result
    }
}
