import Interpreter
import Postgres
import Store
import TestSupport
import Testing

@Suite("What is kept only for a time", .database)
struct RetentionTests {
    private static let day = Duration.seconds(86_400)
    /// Monday, 2023-11-13: the start of the week in which the executions of `putExecution` start, on Tuesday evening.
    private static let week = "history_20231113"

    let pool = TestDatabase.current.pool()
    var store: Store { Store(pool: pool) }

    @Test("Executions that ended are forgotten with all their rows, those that run are not")
    func forget() async throws {
        let machine = try await store.makeMachine("A")
        let ended = try await put(machine, .succeeded, name: "ended")
        let running = try await put(machine, .running, name: "running")

        #expect(try await store.forgetExecutions(endedBefore: Self.day) == 1)
        #expect(try await store.forgetExecutions(endedBefore: Self.day) == 0)
        for table in ["executions", "branches", "history"] {
            #expect(try await ids(in: table) == [running], "\(table)")
        }
        #expect(try await ids(in: "execution_names") == [running])
        #expect(try await store.findExecution(named: "ended", ofMachineNamed: "A") == nil)
        #expect(ended != running)
    }

    @Test(
        "A week's history is dropped as one when all of it is old, save what belongs to executions that are still there"
    )
    func drop() async throws {
        try await ensureWeek()
        let machine = try await store.makeMachine("A")
        try await put(machine, .succeeded)
        let running = try await put(machine, .running)
        // More than a week is kept: nobody deletes the rows one by one.
        #expect(try await store.forgetExecutions(endedBefore: Self.day * 30) == 1)
        #expect(try await ids(in: Self.week).count == 2)

        #expect(try await store.dropHistory(olderThan: Self.day * 30) == Self.week)
        #expect(try await ids(in: "history") == [running])
        #expect(try await ids(in: "history_rest") == [running])
        #expect(try await store.dropHistory(olderThan: Self.day * 30) == nil)

        // It goes on being written, and is deleted with its execution in the end.
        try await store.put(row(of: running, from: 2))
        try await store.end(running)
        #expect(try await ids(in: "history").count == 2)
        _ = try await pool.query("UPDATE braid.executions SET stopped_at = braid.now() - interval '60 days'")
        #expect(try await store.forgetExecutions(endedBefore: Self.day * 30) == 1)
        #expect(try await ids(in: "history") == [])
    }

    @Test("A week of which the last day is not old enough is kept whole")
    func keep() async throws {
        let machine = try await store.makeMachine("A")
        try await put(machine, .running)
        let weeks = try await pool.query("SELECT count(*) FROM pg_inherits WHERE inhparent = 'braid.history'::regclass")
        #expect(try await store.dropHistory(olderThan: Self.day * 7) == nil)
        let after = try await pool.query("SELECT count(*) FROM pg_inherits WHERE inhparent = 'braid.history'::regclass")
        #expect(try weeks[0][0] as Int64 == after[0][0] as Int64)
    }

    @Test("A week is left for another time while somebody reads history, and no commit waits behind that")
    func busy() async throws {
        try await ensureWeek()
        try await pool.withConnection { reader throws(PostgresError) in
            try await reader.run(script: "BEGIN; SELECT count(*) FROM braid.history")
            do {
                let dropped = try await store.dropHistory(olderThan: Self.day * 30)
                try await reader.run(script: "COMMIT")
                #expect(dropped == nil)
            } catch {
                throw .connection("\(error)")
            }
        }
        #expect(try await store.dropHistory(olderThan: Self.day * 30) == Self.week)
    }

    // MARK: Rows

    @discardableResult
    private func put(
        _ machine: StateMachineRecord,
        _ status: ExecutionStatus,
        name: String? = nil
    ) async throws -> ExecutionID {
        let id = try await store.putExecution(of: machine, at: 0, status: status, name: name)
        try await store.put(row(of: id, from: 1))
        return id
    }

    private func row(of id: ExecutionID, from first: Int) -> HistoryRow {
        HistoryRow(
            key: BranchKey(id, 0),
            firstEventID: first,
            previousEventID: first - 1,
            at: .test,
            state: "S",
            events: [HistoryEvent(.passStateEntered, after: .none, details: [("name", .text("S"))])]
        )
    }

    private func ensureWeek() async throws {
        _ = try await pool.query("SELECT braid.ensure_history_partitions('2023-11-14Z', '2023-11-14Z')")
    }

    private func ids(in table: String) async throws -> [ExecutionID] {
        try await pool.query("SELECT execution_id FROM braid.\(table) ORDER BY 1").map { row in
            ExecutionID(try row[0] as UUIDValue)
        }
    }
}
