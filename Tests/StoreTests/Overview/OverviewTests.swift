import Postgres
import Store
import TestSupport
import Testing

@Suite("The overview of what runs", .database)
struct OverviewTests {
    let store = Store(pool: TestDatabase.current.pool())

    @Test("counts executions by machine and status, up to a bound")
    func counts() async throws {
        let first = try await store.makeMachine("A")
        _ = try await store.makeMachine("B")
        for index in 0..<5 { try await store.putExecution(of: first, at: Int64(index), status: .failed) }
        try await store.putExecution(of: first, at: 6, status: .running)

        let counts = try await store.countExecutions(ofNewest: 10, upTo: 3)
        #expect(counts.map(\.machine.name) == ["B", "A"])
        #expect(counts[0].counts.values.allSatisfy { $0 == 0 })
        #expect(counts[1].counts[.failed] == 3 && counts[1].counts[.running] == 1)
        #expect(try await store.countExecutions(ofNewest: 1, upTo: 3).map(\.machine.name) == ["B"])
    }

    @Test("lists the children of a map run with their run only")
    func children() async throws {
        let machine = try await store.makeMachine("A")
        let own = try await store.putExecution(of: machine, at: 1)
        let child = try await store.putExecution(of: machine, at: 2)
        _ = try await store.pool.query(
            "UPDATE braid.executions SET map_run_id = execution_id, stopped_at = now() WHERE execution_id = $1",
            [.uuid(child.value)]
        )
        #expect(try await store.searchExecutions(ExecutionSearch(), limit: 10).executions.map(\.id) == [own])
        #expect(try await store.recentlyChangedExecutions(limit: 10).isEmpty)
    }

    @Test("passes over the children of a map run that are more than are read at once")
    func manyChildren() async throws {
        let machine = try await store.makeMachine("A")
        let old = try await store.putExecution(of: machine, at: 1)
        let run = MapRunID(UUIDValue(high: 0x0189_0000_0000_7abc, low: 0x8000_0001_2345_6789))
        for place in 0..<7 {
            let made = try await store.putExecution(of: machine, at: 5)
            let child = run.child(place, began: 1_700_000_000_005)
            _ = try await store.pool.query(
                "UPDATE braid.executions SET execution_id = $2, map_run_id = $3 WHERE execution_id = $1",
                [.uuid(made.value), .uuid(child.value), .uuid(run.value)]
            )
        }
        let new = try await store.putExecution(of: machine, at: 9)
        let all = try await store.searchExecutions(ExecutionSearch(), limit: 10, readingAtOnce: 3)
        #expect(all.executions.map(\.id) == [new, old] && all.next == nil)
        let first = try await store.searchExecutions(ExecutionSearch(), limit: 1, readingAtOnce: 3)
        #expect(first.executions.map(\.id) == [new] && first.next == new)
        var search = ExecutionSearch()
        search.before = new
        let second = try await store.searchExecutions(search, limit: 10, readingAtOnce: 3)
        #expect(second.executions.map(\.id) == [old] && second.next == nil)
    }

    @Test("knows the database, and the workers that have not ended")
    func database() async throws {
        let database = try await store.describeDatabase()
        #expect(database.version.hasPrefix("1") && database.byteCount > 0)
        _ = try await store.pool.query(
            """
            INSERT INTO braid.workers (host, pid, lanes, capacity, started_at, heartbeat_at, ended_at)
            VALUES ('a', 1, '{"",f}', 4, now(), now(), NULL), ('b', 2, '{}', 4, now(), now(), now())
            """
        )
        let workers = try await store.listLiveWorkers()
        #expect(workers.map(\.host) == ["a"])
        #expect(workers.first?.lanes == ["", "f"])
    }
}
