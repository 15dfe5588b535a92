import Postgres

/// Brings the template database to Braid's present schema.
///
/// Store's migrator goes here.
@Sendable func prepareTemplate(_ settings: ConnectionSettings) async throws {}
