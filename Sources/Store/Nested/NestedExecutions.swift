import Postgres

extension Store {
    /// Reads nested executions about which something is to be done: they have ended, or nobody waits for them any more.
    ///
    /// What is read stays until ``forgetNested(_:token:)``, so that whoever does it may die meanwhile.
    package func ripeNestedExecutions(
        _ scope: NestedScope,
        limit: Int
    ) async throws(StoreError) -> [NestedExecution] {
        let condition: String
        var values: [PostgresValue] = [.int4(Int32(clamping: limit))]
        switch scope {
        case .all: condition = ""
        case .of(let id):
            condition = "AND nested.parent_id = $2"
            values.append(.uuid(id.value))
        case .child(let id):
            condition = "AND nested.child_id = $2"
            values.append(.uuid(id.value))
        }
        let rows = try await query(
            """
            SELECT nested.parent_id, nested.branch_id, nested.token, nested.structured,
                waiting.execution_id IS NOT NULL AS is_awaited, \(ExecutionRecord.columns)
            FROM braid.nested_executions AS nested
            JOIN braid.executions AS executions ON executions.execution_id = nested.child_id
            JOIN braid.state_machines AS machines USING (state_machine_id)
            LEFT JOIN braid.branches AS waiting ON waiting.execution_id = nested.parent_id
                AND waiting.branch_id = nested.branch_id AND waiting.task_token = nested.token
                AND waiting.status = 'OPEN'
            WHERE (executions.status <> 'RUNNING' OR waiting.execution_id IS NULL) \(condition)
            LIMIT $1
            """,
            values
        )
        return try decode(rows) { row throws(PostgresError) in
            NestedExecution(
                link: NestedLink(
                    parent: BranchKey(ExecutionID(try row["parent_id"]), try row["branch_id"]),
                    token: try row["token"],
                    isStructured: try row["structured"]
                ),
                child: try ExecutionRecord(row),
                isAwaited: try row["is_awaited"]
            )
        }
    }

    /// Has an attempt wait for an execution that another one had started.
    package func linkNested(_ link: NestedLink, to child: ExecutionID) async throws(StoreError) {
        _ = try await query(
            """
            INSERT INTO braid.nested_executions (parent_id, branch_id, token, child_id, structured)
            VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
            """,
            [
                .uuid(link.parent.execution.value), .int4(Int32(clamping: link.parent.branch)), .text(link.token),
                .uuid(child.value), .bool(link.isStructured),
            ]
        )
    }

    /// Forgets that an attempt waited for an execution.
    package func forgetNested(_ parent: BranchKey, token: String) async throws(StoreError) {
        _ = try await query(
            "DELETE FROM braid.nested_executions WHERE parent_id = $1 AND branch_id = $2 AND token = $3",
            [.uuid(parent.execution.value), .int4(Int32(clamping: parent.branch)), .text(token)]
        )
    }
}
