import Postgres

extension Store {
    /// Whether a branch is there, open or ended.
    package func hasBranch(_ key: BranchKey) async throws(StoreError) -> Bool {
        try await !query(
            "SELECT FROM braid.branches WHERE execution_id = $1 AND branch_id = $2",
            [.uuid(key.execution.value), .int4(Int32(clamping: key.branch))]
        ).isEmpty
    }
}
