import Postgres
package import StatesLanguage

extension Store {
    /// Reads the database's time, by which everything is dated.
    package func databaseTime() async throws(StoreError) -> Timestamp {
        let rows = try await query("SELECT braid.now()")
        guard let now = try decode(rows, { row throws(PostgresError) -> Int64 in try row[0] }).first else {
            throw .unexpected("no time")
        }
        return Timestamp(microseconds: now)
    }
}
