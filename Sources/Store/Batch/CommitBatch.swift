import Interpreter
import JSON
package import Postgres
package import StatesLanguage

extension Store {
    /// Commits many submissions in one transaction: one round trip where nothing must be read, else two.
    ///
    /// The first takes the locks of every execution in the batch, in the order of their ids, and reads what the batch needs
    /// under them; the second writes. Names are taken before the locks, in order too. So batches never deadlock with each
    /// other, and what is serial within an execution stays so (DESIGN §5). Starts of nameless executions need nothing read,
    /// nor does what ``KnownRows`` knows: that is locked, checked and written in one round trip.
    ///
    /// - Parameters:
    ///   - submissions: In the order in which they are applied.
    ///   - connection: The one for commits.
    ///   - isRepeated: Whether an earlier try may have been committed, its answer being lost.
    ///   - mostOpen: How many branches may be open, or unstarted, where stops and failures of children end them; `nil` is
    ///     any number.
    ///   - at: The time by the process's clock, for a batch that reads nothing.
    ///   - known: What earlier commits of the process left behind.
    /// - Throws: ``StoreError/tooManyOpen`` where there are more; or an error of the whole: nothing of it is committed, unless
    ///   it is ``StoreError/unavailable(_:)``.
    /// - Returns: An answer for each submission, in order.
    package func commit(
        _ submissions: [Submission],
        on connection: Connection,
        isRepeated: Bool = false,
        mostOpen: Int? = nil,
        at: Timestamp,
        known: KnownRows? = nil
    ) async throws(StoreError) -> [Answer] {
        if let known, !isRepeated, let presumed = Self.presumption(submissions, known) {
            if let answers = try await commit(submissions, presuming: presumed, on: connection, at: at, known) {
                return answers
            }
            known.contest(presumed.lazy.map(\.row.key.execution))
        }
        return try await connection.transaction(failure: { StoreError($0) }) { transaction throws(StoreError) in
            var (plan, versions) = try await read(
                submissions,
                in: transaction,
                isRepeated: isRepeated,
                mostOpen: mostOpen,
                at: at
            )
            plan.isRepeated = isRepeated
            var answers = plan.apply(submissions)
            let statements = plan.writes.statements
            guard !statements.isEmpty else { return answers }
            let results: [Rows]
            do throws(PostgresError) {
                results = try await transaction.commit(statements + [Self.version])
                var returning = results.dropLast()
                if !plan.writes.siblings.isEmpty, let rows = returning.popLast() { try Self.fill(&answers, with: rows) }
                if !plan.writes.aborts.isEmpty, let rows = returning.popLast() {
                    try Self.revoke(rows, besides: plan.writes.revoked, in: &answers, of: submissions)
                }
                known?.learn(plan, version: try Self.version(results), read: versions)
            } catch {
                throw StoreError(error)
            }
            return answers
        }
    }

    /// Takes the locks and reads the rows, with their versions; nothing where the batch needs neither.
    private func read(
        _ submissions: [Submission],
        in transaction: Transaction,
        isRepeated: Bool,
        mostOpen: Int?,
        at: Timestamp
    ) async throws(StoreError) -> (plan: BatchPlan, versions: [BranchKey: Int32]) {
        var statements: [Statement] = []
        let names = NamedStarts(submissions)
        if !names.isEmpty { statements += names.statements }
        let locks = statements.count
        var keys = BatchPlan.keys(of: submissions)
        if isRepeated {
            for case .start(let start) in submissions { keys.insert(BranchKey(start.id, 0)) }
            for case .children(let children) in submissions {
                keys.formUnion(children.starts.map { BranchKey($0.id, 0) })
            }
        }
        if !keys.isEmpty {
            let sorted = keys.sorted()
            statements.append(
                Statement(Self.lockExecutions, [.uuidArray(Set(sorted.map(\.execution)).sorted().map(\.value))])
            )
            statements.append(
                Statement(
                    Self.readBranches,
                    [.uuidArray(sorted.map(\.execution.value)), BranchColumns.int4(sorted.map(\.branch))]
                )
            )
        }
        let sweeps = BatchPlan.sweeps(of: submissions)
        if !sweeps.isEmpty {
            statements.append(
                Statement(
                    Self.readOpenBranches,
                    [
                        .uuidArray(sweeps.map(\.execution.value)), BranchColumns.int4(sweeps.map(\.parent)),
                        BranchColumns.int4(sweeps.map(\.failures)),
                        .optional(mostOpen) { .int8(Int64($0) + 1) },
                    ]
                )
            )
        }
        guard !statements.isEmpty else { return (BatchPlan(rows: [], now: at), [:]) }
        let results: [Rows]
        do { results = try await transaction.pipeline(statements) } catch { throw StoreError(error) }
        if !sweeps.isEmpty, let mostOpen, results[statements.count - 1].count > mostOpen { throw .tooManyOpen }
        do throws(PostgresError) {
            var rows: [BranchRow] = []
            var versions: [BranchKey: Int32] = [:]
            var now = at
            for result in results[locks...].dropFirst() {
                rows.reserveCapacity(rows.count + result.count)
                for row in result {
                    let branch = try BranchRow(row)
                    rows.append(branch)
                    versions[branch.key] = Int32(truncatingIfNeeded: try row[row.columns.count - 1] as Int64)
                    now = Timestamp(microseconds: try row[row.columns.count - 2])
                }
            }
            var plan = BatchPlan(rows: rows, now: now)
            if !names.isEmpty { plan.taken = try names.taken(results[1]) }
            return (plan, versions)
        } catch {
            throw StoreError(error)
        }
    }

    /// Puts what started siblings hold into the answers that gave them away.
    static func fill(_ answers: inout [Answer], with rows: Rows) throws(PostgresError) {
        var siblings: [BranchKey: Branch] = [:]
        var lanes: [BranchKey: String] = [:]
        for row in rows {
            let key = BranchKey(ExecutionID(try row[0]), try row[1])
            var branch = Branch(
                kind: .iteration(try row[2]),
                state: try row[3],
                input: JSONText(trusted: try row[4]),
                previousEventID: try row[6]
            )
            let item: String? = try row[5]
            branch.item = item.map { JSONText(trusted: $0) }
            siblings[key] = branch
            lanes[key] = try row[7]
        }
        for index in answers.indices {
            guard case .committed(var committed) = answers[index] else { continue }
            for place in committed.taken.indices where committed.taken[place].child == nil {
                committed.taken[place].child = siblings[committed.taken[place].key]
            }
            for key in committed.leftSiblings { if let lane = lanes[key] { committed.wokenLanes.insert(lane) } }
            answers[index] = .committed(committed)
        }
    }

    /// Puts leases that were given after the batch had read, and were taken away all the same, into an answer that ended
    /// branches of that execution.
    private static func revoke(
        _ rows: Rows,
        besides known: [(key: BranchKey, lease: Lease)],
        in answers: inout [Answer],
        of submissions: [Submission]
    ) throws(PostgresError) {
        let told = Set(known.map(\.lease))
        for row in rows {
            let lease = Lease(worker: WorkerID(rawValue: try row[0]), number: try row[1])
            guard !told.contains(lease) else { continue }
            let key = BranchKey(ExecutionID(try row[2] as UUIDValue), try row[3])
            for (index, submission) in submissions.enumerated() {
                switch (submission, answers[index]) {
                case (.transition(let one), .committed(var committed)) where one.key.execution == key.execution:
                    committed.revoked.append((key, lease))
                    answers[index] = .committed(committed)
                case (.stop(let stop), .stopped(let time, let revoked)) where stop.execution == key.execution:
                    answers[index] = .stopped(at: time, revoked: revoked + [(key, lease)])
                default: continue
                }
                break
            }
        }
    }

    private static let lockExecutions = """
        SELECT 1 FROM braid.branches WHERE branch_id = 0 AND execution_id = ANY($1) \
        ORDER BY execution_id FOR NO KEY UPDATE
        """

    private static let readBranches = """
        SELECT \(BranchRow.columns), braid.now(), b.xmin::text::int8
        FROM unnest($1::uuid[], $2::int4[]) AS k (execution_id, branch_id)
        JOIN braid.branches AS b ON b.execution_id = k.execution_id AND b.branch_id = k.branch_id
        """

    /// No more than is wanted, whatever there is.
    ///
    /// Where all failures are tolerated nothing is read: a Map of thousands, of which many fail, would be read each time.
    private static let readOpenBranches = """
        WITH swept AS (
            SELECT DISTINCT s.execution_id
            FROM unnest($1::uuid[], $2::int4[], $3::int4[]) AS s (execution_id, parent_id, failures)
            LEFT JOIN braid.branches AS p ON p.execution_id = s.execution_id AND p.branch_id = s.parent_id
            WHERE p.tolerated_failures IS NULL OR p.failed_children + s.failures > p.tolerated_failures
        )
        SELECT \(BranchRow.columns), braid.now(), b.xmin::text::int8
        FROM swept JOIN braid.branches AS b ON b.execution_id = swept.execution_id
        WHERE b.status IN ('OPEN', 'UNSTARTED') LIMIT $4::int8
        """
}
