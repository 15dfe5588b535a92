import JSON
import Postgres
import Store
import TestSupport
import Testing

@Suite("A view over one execution", .database)
struct ViewPlanTests {
    static let views = ["execution_history", "state_visits", "map_run_progress"]

    @Test("reads that execution by its key, and opens each of its rows once", arguments: views)
    func plan(_ view: String) async throws {
        let bench = try await Bench()
        try await fill(bench)
        let id = ExecutionID("0190ffff-0000-7000-8000-000000000001")
        let plan = try await explain("SELECT * FROM braid.\(view) WHERE execution_id = '\(try #require(id))'", bench)
        #expect(!plan.contains("Seq Scan on history") && !plan.contains("Seq Scan on branches"), "\(plan)")
        #expect(!plan.contains("Seq Scan on executions"), "\(plan)")
        #expect(plan.ranges(of: "Function Call: json_array_elements").count <= 1, "\(plan)")
        // Those are inlined.
        #expect(!plan.contains("event_type(") && !plan.contains("is_outcome("), "\(plan)")
    }

    @Test("that is named reads no other either")
    func named() async throws {
        let bench = try await Bench()
        try await fill(bench)
        for view in Self.views {
            let plan = try await explain(
                """
                SELECT v.* FROM braid.executions AS e JOIN LATERAL (
                    SELECT * FROM braid.\(view) WHERE execution_id = e.execution_id OFFSET 0) AS v ON true
                WHERE e.name = 'n7' AND e.execution_id = '0190ffff-0000-7000-8000-000000000007'
                """,
                bench
            )
            // The partitions of the coming weeks are empty, so that the planner may take them whole.
            #expect(!plan.contains("Seq Scan on history_rest"), "\(view)\n\(plan)")
            #expect(!plan.contains("Seq Scan on branches"), "\(view)\n\(plan)")
        }
    }

    @Test("of thousands of states costs as much again for each, not more")
    func large() async throws {
        let bench = try await Bench()
        try await fill(bench)
        // 5,000 branches of 2 visits each: were each visit to read the whole, this would open 100 million rows.
        try await bench.connection.run(
            script: """
                INSERT INTO braid.history SELECT '0190ffff-0000-7000-8000-000000000001', 100 + n * 4, 4, 0, n % 5000, now(),
                    'S', NULL,
                    '[[54,0,{"name":"S","input":1}],[55,1,{"name":"S","output":1}],[54,0,{"name":"T","input":1}],[55,3,{"name":"T","output":1}]]',
                    '{}'
                FROM generate_series(1, 5000) AS n;
                ANALYZE braid.history;
                SET statement_timeout = '20s';
                """
        )
        let rows = try await bench.connection.query(
            """
            SELECT count(*)::int4 FROM braid.state_visits
            WHERE execution_id = '0190ffff-0000-7000-8000-000000000001' AND output IS NOT NULL AND exited_at >= entered_at
            """
        )
        #expect(try #require(rows.first)[0] as Int == 10_000)
    }

    /// 10,000 executions of one row and one branch each.
    private func fill(_ bench: Bench) async throws {
        try await bench.connection.run(
            script: """
                INSERT INTO braid.executions (execution_id, state_machine_id, revision_id, started_at, status, input, name)
                SELECT ('0190ffff-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, \(bench.machine.id.rawValue),
                    \(bench.machine.revisionID.rawValue), now(), CASE WHEN n % 100 = 0 THEN 'RUNNING' ELSE 'SUCCEEDED' END,
                    '{}', 'n' || n
                FROM generate_series(1, 10000) AS n;
                INSERT INTO braid.branches (execution_id, branch_id, kind, status, state, input)
                SELECT execution_id, 0, 'root', 'OPEN', 'S', '{}' FROM braid.executions;
                INSERT INTO braid.history SELECT execution_id, 1, 1, 0, 0, now(), 'S', NULL,
                    '[[13,0,{"input":1}]]', '{}' FROM braid.executions;
                ANALYZE braid.executions, braid.branches, braid.history;
                """
        )
    }

    private func explain(_ statement: String, _ bench: Bench) async throws -> String {
        let rows = try await bench.connection.query("EXPLAIN (VERBOSE, COSTS OFF) \(statement)")
        return try rows.map { try $0[0] as String }.joined(separator: "\n").replacing("braid.", with: "")
    }
}
