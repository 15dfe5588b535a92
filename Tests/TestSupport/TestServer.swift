import Cluster
import Postgres
import Synchronization

/// The cluster that the tests of a process share, started when the first of them needs a database.
actor TestServer {
    static let shared = TestServer()

    private static let count = Atomic<Int>(0)
    private var starting: Task<ConnectionSettings, any Error>?
    private var templates: [String: Task<Void, any Error>] = [:]

    /// Makes a database from a template, and the template if this is the first of it.
    func makeDatabase(from template: DatabaseTemplate) async throws -> ConnectionSettings {
        let server = try await settings()
        try await prepare(template, on: server)
        let number = Self.count.wrappingAdd(1, ordering: .relaxed).newValue
        let name = "test_\(number)"
        let connection = try await Connection.connect(to: server)
        try await connection.run(script: "CREATE DATABASE \(name) TEMPLATE \(template.name)")
        await connection.close()
        return server.with { $0.database = name }
    }

    /// Removes a database, whoever is still connected to it.
    func removeDatabase(_ settings: ConnectionSettings) async throws {
        guard let name = settings.database else { return }
        let connection = try await Connection.connect(to: self.settings())
        try await connection.run(script: "DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
        await connection.close()
    }

    private func settings() async throws -> ConnectionSettings {
        // Awaited by everyone who needs the server; it must outlive the first of them.
        let task =
            starting
            ?? Task {
                let cluster = try await TestCluster.start()
                return await cluster.connectionSettings
            }
        starting = task
        return try await task.value
    }

    private func prepare(_ template: DatabaseTemplate, on server: ConnectionSettings) async throws {
        let task =
            templates[template.name]
            ?? Task {
                let connection = try await Connection.connect(to: server)
                try await connection.run(script: "CREATE DATABASE \(template.name)")
                await connection.close()
                try await template.prepare(server.with { $0.database = template.name })
            }
        templates[template.name] = task
        try await task.value
    }
}
