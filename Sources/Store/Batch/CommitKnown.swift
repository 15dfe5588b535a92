import Interpreter
import Postgres
import StatesLanguage

extension Store {
    /// What a batch may presume of every row that it needs; `nil` where something must be read.
    static func presumption(_ submissions: [Submission], _ known: KnownRows) -> [KnownRows.Known]? {
        let keys = BatchPlan.keys(of: submissions)
        guard !keys.isEmpty, BatchPlan.sweeps(of: submissions).isEmpty, NamedStarts(submissions).isEmpty else {
            return nil
        }
        return known.rows(of: keys.sorted())
    }

    /// Locks, checks and writes a batch in one round trip.
    ///
    /// The locks are those of the long way, in the same order. A row that is not of the version presumed has the transaction
    /// fail before it writes anything else.
    ///
    /// - Returns: The answers; `nil` if something was not as presumed, and nothing is committed.
    func commit(
        _ submissions: [Submission],
        presuming presumed: [KnownRows.Known],
        on connection: Connection,
        at: Timestamp,
        _ known: KnownRows
    ) async throws(StoreError) -> [Answer]? {
        var plan = BatchPlan(rows: presumed.map(\.row), now: at)
        var answers = plan.apply(submissions)
        let writes = Self.statements(plan.writes, presuming: presumed)
        guard !writes.isEmpty else { return nil }
        let statements = writes + [Self.version]
        do {
            let results = try await connection.transaction { transaction throws(PostgresError) in
                try await transaction.commit(statements)
            }
            if !plan.writes.siblings.isEmpty { try Self.fill(&answers, with: results[statements.count - 2]) }
            known.learn(plan, version: try Self.version(results), read: [:])
            return answers
        } catch {
            if error.sqlState == Self.presumptionFailed { return nil }
            throw StoreError(error)
        }
    }

    /// The statements that write, and that check what is presumed; none where there is nothing to write.
    ///
    /// Where each row is written whole, as in chains, the statement that does it locks and checks as well: it takes the rows
    /// in the order of their keys, one after the other. That is a look-up and a record of WAL less for each.
    private static func statements(_ writes: BatchWrites, presuming presumed: [KnownRows.Known]) -> [Statement] {
        guard presumed.map(\.row.key) == writes.updates.map(\.row.key) else {
            let statements = writes.statements
            return statements.isEmpty ? [] : checks(presumed) + statements
        }
        let values = BranchColumns.values(writes.updates) + [.int4Array(presumed.map(\.version)), complaint]
        return writes.statements(updating: Statement(BranchColumns.updatePresumed, values))
    }

    /// Reads the version of what this transaction writes.
    static let version = Statement("SELECT pg_current_xact_id()::text::int8")

    /// What ``version`` gave, as the last of the results.
    static func version(_ results: [Rows]) throws(PostgresError) -> Int32 {
        guard let row = results.last?.first else { return 0 }
        return Int32(truncatingIfNeeded: try row[0] as Int64)
    }

    /// The statements that fail unless all rows are of the versions presumed: the roots', which lock, then the others'.
    ///
    /// The others are read by a statement of their own, whose snapshot is taken once the locks are held.
    private static func checks(_ presumed: [KnownRows.Known]) -> [Statement] {
        let roots = presumed.filter { $0.row.key.branch == 0 }
        let others = presumed.filter { $0.row.key.branch != 0 }
        var statements = [
            Statement(
                """
                WITH held AS MATERIALIZED (
                    SELECT execution_id, xmin AS version FROM braid.branches
                    WHERE branch_id = 0 AND execution_id = ANY($1) ORDER BY execution_id FOR NO KEY UPDATE
                )
                SELECT CASE WHEN count(*) = cardinality($1) THEN 0 ELSE $3::text::int4 END
                FROM held JOIN unnest($1::uuid[], $2::int4[]) AS v (execution_id, version)
                    ON v.execution_id = held.execution_id AND held.version = v.version
                """,
                [.uuidArray(roots.map(\.row.key.execution.value)), .int4Array(roots.map(\.version)), complaint]
            )
        ]
        if !others.isEmpty {
            statements.append(
                Statement(
                    """
                    SELECT CASE WHEN count(*) = cardinality($1) THEN 0 ELSE $4::text::int4 END
                    FROM unnest($1::uuid[], $2::int4[], $3::int4[]) AS v (execution_id, branch_id, version)
                    JOIN braid.branches AS b ON b.execution_id = v.execution_id AND b.branch_id = v.branch_id
                        AND b.xmin = v.version
                    """,
                    [
                        .uuidArray(others.map(\.row.key.execution.value)),
                        BranchColumns.int4(others.map(\.row.key.branch)), .int4Array(others.map(\.version)), complaint,
                    ]
                )
            )
        }
        return statements
    }

    private static let complaint = PostgresValue.text(
        "another process changed these executions first: the batch is tried again"
    )

    /// What the complaint above is, being no number (`invalid_text_representation`).
    ///
    /// No other statement of a batch reads a number from text.
    private static let presumptionFailed = "22P02"
}
