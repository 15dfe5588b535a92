package import Postgres

/// What a test's database is copied from: made once in a test process.
package struct DatabaseTemplate: Sendable {
    /// The template database's name.
    let name: String
    /// Fills it; must leave no connection open.
    let prepare: @Sendable (ConnectionSettings) async throws -> Void

    package init(name: String, prepare: @escaping @Sendable (ConnectionSettings) async throws -> Void) {
        self.name = name
        self.prepare = prepare
    }

    /// Nothing but what PostgreSQL puts into a database.
    package static let empty = DatabaseTemplate(name: "braid_empty") { _ in }

    /// Braid's schema.
    package static let migrated = DatabaseTemplate(name: "braid_template", prepare: prepareTemplate)
}
