import Postgres

extension Statement {
    /// Takes the lock of an execution, its root's row, until the transaction ends.
    ///
    /// What follows in the same transaction sees what was written under the lock before.
    static func lock(_ execution: ExecutionID) -> Statement {
        Statement(
            "SELECT 1 FROM braid.branches WHERE branch_id = 0 AND execution_id = $1 FOR NO KEY UPDATE",
            [.uuid(execution.value)]
        )
    }
}
