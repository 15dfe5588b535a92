import Interpreter
import JSON
import Postgres
import StatesLanguage
import Store
import TestSupport
import Testing

/// The statements as the engine's connections have prepared them, under generic plans, on tables that are not small.
@Suite("The plan of a hot statement", .database)
struct PlanOfStatementsTests {
    @Test("goes by an index, and sorts no more than its batch")
    func plans() async throws {
        let bench = try await Bench()
        try await fill(bench)
        try await workOfPool(bench, work(bench))
        var seen = 0
        for (statement, plan) in try await explain(on: bench.connection) {
            seen += 1
            #expect(!plan.contains("Seq Scan on"), "\(statement)\n\(plan)")
            // Locks are taken in order, names too; leasing finds its order in the index.
            let mayBeSorted = ["FOR NO KEY UPDATE", "execution_names", "WITH swept"].contains { statement.contains($0) }
            #expect(mayBeSorted || !plan.contains("Sort"), "\(statement)\n\(plan)")
            // It locks in the order of its arrays.
            #expect(!statement.contains("WITH moved") || plan.contains("Nested Loop"), "\(statement)\n\(plan)")
        }
        #expect(seen >= 14)
    }

    @Test("that locks takes rows in the order of their keys, also of tables that are small and not analysed")
    func young() async throws {
        let bench = try await Bench()
        // As connections that commit have it, on a server whose settings are not Braid's.
        for (name, value) in Store.sessionForCommits {
            try await bench.connection.run(script: "SET \(name) = '\(value)'")
        }
        try await bench.connection.run(script: "SET random_page_cost = 4")
        _ = try await work(bench)
        let plans = try await explain(on: bench.connection).filter { $0.0.contains("WITH moved") }
        #expect(!plans.isEmpty)
        for (_, plan) in plans { #expect(!plan.contains("Seq Scan on"), "\(plan)") }
    }

    /// 50,000 branches of 25,000 executions, of which some are ready and some leased, in 21 lanes.
    private func fill(_ bench: Bench) async throws {
        try await bench.connection.run(
            script: """
                INSERT INTO braid.executions (execution_id, state_machine_id, revision_id, started_at, status, input, name)
                SELECT ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, \(bench.machine.id.rawValue),
                    \(bench.machine.revisionID.rawValue), now(), CASE WHEN n % 10 = 0 THEN 'RUNNING' ELSE 'SUCCEEDED' END,
                    '{}', 'n' || n
                FROM generate_series(1, 25000) AS n;
                INSERT INTO braid.execution_names SELECT state_machine_id, name, execution_id FROM braid.executions;
                INSERT INTO braid.branches (execution_id, branch_id, wake_at, worker, lease, kind, status, lane, state, input)
                SELECT e.execution_id, b, CASE WHEN e.status <> 'RUNNING' THEN NULL WHEN b = 1 THEN 'infinity'
                        ELSE now() - interval '1 s' * random() END, 999, 1, CASE b WHEN 0 THEN 'root' ELSE 'branch' END,
                    CASE e.status WHEN 'RUNNING' THEN 'OPEN' ELSE 'SUCCEEDED' END, 'lane' || right(e.name, 2)::int % 20, 'A', '{}'
                FROM braid.executions AS e, generate_series(0, 1) AS b WHERE e.name <> 'n1' OR b = 0;
                INSERT INTO braid.history SELECT execution_id, 1, 1, 0, 0, now(), 'A', NULL, '[]', '' FROM braid.executions;
                INSERT INTO braid.workers (host, pid, lanes, capacity, started_at, heartbeat_at, ended_at)
                SELECT 'h', n, '{}', 1, now(), now(), now() - n * interval '1 min' FROM generate_series(1, 20000) AS n;
                ANALYZE braid.executions, braid.execution_names, braid.branches, braid.history, braid.workers;
                """.replacing("right(e.name, 2)", with: "regexp_replace(right(e.name, 2), '[^0-9]', '', 'g')")
        )
    }

    /// Performs every statement of the loop once; returns the root that it stopped.
    private func work(_ bench: Bench) async throws -> Held {
        var root = try await bench.start()
        _ = try await bench.commit([
            .start(bench.submission(.perform(), id: bench.newID(), lease: nil, name: "new", lane: "lane3"))
        ])
        _ = try await bench.lease(["lane3", "lane4"])
        let fork = try await bench.commit(.map(4, maxConcurrency: 2), of: &root) { $0.share = 2 }
        var children = try #require(fork.committed).taken.compactMap { Held($0) }
        try await bench.commit(.endIteration(0), of: &children[0])
        try await bench.commit(.failIteration(1), of: &children[1])
        let stop = StopSubmission(
            execution: root.key.execution,
            failure: Failure(error: nil, cause: nil),
            at: .test
        )
        _ = try await bench.commit([.stop(stop)])
        return root
    }

    /// The pool's statements, each once, on one connection.
    private func workOfPool(_ bench: Bench, _ root: Held) async throws {
        let store = Store(pool: Pool(Bench.settings, limit: 1))
        _ = try await store.leased([(root.key, root.lease)], to: bench.worker, outputLimit: 1)
        _ = try await store.surveyLanes()
        _ = try await store.surveyLanes(from: ["lane3": .test])
        _ = try await store.releaseLeases()
        _ = try await store.overdueExecutions(limit: 10)
        _ = try await store.offeredActivities(in: "lane3", limit: 10)
        _ = try await store.releaseUnknown(in: root.key.execution, of: bench.worker, from: 1, count: 1)
        for lane in ["lane3", "lane4"] {
            _ = try await store.heartbeat(bench.worker, lanes: [lane], on: bench.connection)
        }
        try await store.pool.withConnection { connection throws(PostgresError) in
            do {
                for (statement, plan) in try await explain(on: connection) {
                    #expect(!plan.contains("Seq Scan on"), "\(statement)\n\(plan)")
                    let orders = ["ORDER BY deadline", "ORDER BY wake_at LIMIT $4"]
                    let isOrdered = orders.contains { statement.contains($0) }
                    #expect(!isOrdered || !plan.contains("Sort"), "\(statement)\n\(plan)")
                    // What sleeps is not read: an index is entered with its first column.
                    #expect(!plan.contains("Index Cond: (wake_at"), "\(statement)\n\(plan)")
                }
            } catch {
                Issue.record(error)
            }
        }
    }

    private func explain(on connection: Connection) async throws -> [(statement: String, plan: String)] {
        let prepared = try await connection.query(
            """
            SELECT name, statement, cardinality(parameter_types) FROM pg_prepared_statements
            WHERE statement ~ 'braid\\.' AND statement !~ 'INSERT INTO braid.workers|generate_series'
            """
        )
        var plans: [(String, String)] = []
        for row in prepared {
            let name: String = try row[0]
            let count: Int = try row[2]
            let arguments = count == 0 ? "" : "(" + Array(repeating: "NULL", count: count).joined(separator: ",") + ")"
            let rows = try await connection.pipeline([
                Statement("EXPLAIN (COSTS OFF) EXECUTE \"\(name)\"\(arguments)", isPrepared: false)
            ])[0]
            plans.append((try row[1], try rows.map { try $0[0] as String }.joined(separator: "\n")))
        }
        return plans
    }
}
