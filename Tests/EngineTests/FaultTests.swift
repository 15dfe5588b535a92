import Engine
import JSON
import Lifecycle
import Postgres
import Store
import Synchronization
import TestSupport
import Testing

@Suite("The engine, when something fails under it,", .database)
struct FaultTests {
    private static let echo: EngineFixture.Function = { $0 }

    private func task(_ function: String, next: String? = nil) -> String {
        let successor = next.map { #""Next":"\#($0)""# } ?? #""End":true"#
        return #"{"Type":"Task","Resource":"\#(EngineFixture.arn(function))",\#(successor)}"#
    }

    private func chain(_ function: String, _ length: Int) -> String {
        let states = (1...length).map { number in
            #""T\#(number)":\#(task(function, next: number == length ? nil : "T" + String(number + 1)))"#
        }
        return #"{"StartAt":"T1","States":{\#(states.joined(separator: ","))}}"#
    }

    /// Event ids from 1 to n without a gap, in every execution, and as many as the root's row says.
    private func expectWholeHistories(_ store: Store) async throws {
        let rows = try await store.pool.query(
            """
            SELECT count(*)::int8 FROM (
                SELECT h.execution_id, sum(h.event_count) AS events, min(h.first_event_id) AS first,
                    max(h.first_event_id + h.event_count - 1) AS last, count(DISTINCT h.first_event_id) <> count(*) AS twice
                FROM braid.history AS h GROUP BY h.execution_id
            ) AS h JOIN braid.branches AS b ON b.execution_id = h.execution_id AND b.branch_id = 0
            WHERE h.first <> 1 OR h.last <> h.events OR h.last <> b.last_event_id OR h.twice
            """
        )
        let broken: Int = try #require(try rows.first?[0])
        #expect(broken == 0)
    }

    @Test("fails a branch whose transition the database refuses, and none of the 49 beside it")
    func poison() async throws {
        try await EngineFixture.make(["echo": Self.echo]).run { fixture in
            try await fixture.store.pool.withConnection { connection throws(PostgresError) in
                try await connection.run(
                    script: """
                        CREATE FUNCTION poisoned() RETURNS trigger LANGUAGE plpgsql AS $$
                        BEGIN RAISE EXCEPTION 'this one is refused'; END $$;
                        CREATE TRIGGER poison BEFORE INSERT ON braid.history FOR EACH ROW
                        WHEN (new.payloads LIKE '%poison%' AND new.first_event_id > 2) EXECUTE FUNCTION poisoned();
                        """
                )
            }
            let machine = try await fixture.machine(chain("echo", 2))
            var ids: [ExecutionID] = []
            for number in 0..<50 {
                ids.append(try await fixture.start(machine, input: number == 25 ? #""poison""# : "\(number)"))
            }
            for (number, id) in ids.enumerated() {
                let end = try await fixture.end(of: id)
                if number == 25 {
                    #expect(end.status == "FAILED")
                    #expect(end.error == "States.Runtime")
                    #expect(end.cause?.contains("this one is refused") == true)
                } else {
                    #expect(end == .init(status: "SUCCEEDED", output: "\(number)"))
                }
            }
            try await expectWholeHistories(fixture.store)
        }
    }

    @Test("keeps a cause with U+0000 from harming anything, its own transition included")
    func nul() async throws {
        let fail: EngineFixture.Function = { input throws(EngineFixture.FunctionFailure) in
            guard input.int == 7 else { return input }
            throw EngineFixture.FunctionFailure(error: "E", cause: "a\u{0}b")
        }
        try await EngineFixture.make(["fail": fail]).run { fixture in
            let machine = try await fixture.machine(chain("fail", 1))
            var ids: [ExecutionID] = []
            for number in 0..<50 { ids.append(try await fixture.start(machine, input: "\(number)")) }
            for (number, id) in ids.enumerated() {
                let end = try await fixture.end(of: id)
                #expect(end.status == (number == 7 ? "FAILED" : "SUCCEEDED"))
                if number == 7 { #expect(end.cause == "a\u{FFFD}b") }
            }
        }
    }

    @Test("joins once when two children fail at the same time")
    func twoFail() async throws {
        let fail: EngineFixture.Function = { (_) throws(EngineFixture.FunctionFailure) in
            throw EngineFixture.FunctionFailure(error: "E")
        }
        try await EngineFixture.make(["fail": fail]).run { fixture in
            let branch = #"{"StartAt":"N","States":{"N":\#(task("fail"))}}"#
            let other = #"{"StartAt":"M","States":{"M":\#(task("fail"))}}"#
            let machine = try await fixture.machine(
                #"""
                {"StartAt":"P","States":{"P":{"Type":"Parallel","Branches":[\#(branch),\#(other)],
                "Catch":[{"ErrorEquals":["States.ALL"],"Next":"C"}],"End":true},"C":{"Type":"Pass","Result":1,"End":true}}}
                """#
            )
            var ids: [ExecutionID] = []
            for _ in 0..<40 { ids.append(try await fixture.start(machine)) }
            for id in ids { #expect(try await fixture.end(of: id).output == "1") }
            let rows = try await fixture.store.pool.query(
                """
                SELECT count(*)::int8, count(DISTINCT execution_id)::int8 FROM braid.execution_history
                WHERE type = 'ParallelStateFailed'
                """
            )
            let counts: (Int, Int) = (try #require(try rows.first?[0]), try #require(try rows.first?[1]))
            #expect(counts == (40, 40))
            try await expectWholeHistories(fixture.store)
        }
    }

    @Test("lets a worker that was declared dead drop its work and begin anew, and commits nothing twice")
    func declaredDead() async throws {
        let calls = Mutex(0)
        let isOver = Gate()
        let slow: EngineFixture.Function = { input in
            calls.withLock { $0 += 1 }
            try? await isOver.wait()
            return input
        }
        try await EngineFixture.make(["slow": slow]).run { fixture in
            let machine = try await fixture.machine(chain("slow", 2))
            var ids: [ExecutionID] = []
            for number in 0..<20 { ids.append(try await fixture.start(machine, input: "\(number)")) }
            // All are under way when it is declared dead.
            try await waitUntil(within: .seconds(60)) { calls.withLock { $0 } >= 20 }
            _ = try await fixture.store.pool.query("UPDATE braid.workers SET ended_at = braid.now()")
            try await waitUntil(within: .seconds(60)) { calls.withLock { $0 } >= 40 }
            isOver.open()
            for (number, id) in ids.enumerated() {
                #expect(try await fixture.end(of: id) == .init(status: "SUCCEEDED", output: "\(number)"))
            }
            // What was under way is performed again, and the second state of each.
            #expect(calls.withLock { $0 } >= 60)
            #expect(try await workers(fixture.store) >= 2)
            try await expectWholeHistories(fixture.store)
        }
    }

    private func workers(_ store: Store) async throws -> Int {
        let rows = try await store.pool.query("SELECT count(*)::int8 FROM braid.workers")
        return try #require(rows.first)[0]
    }

    @Test("works on at once after it was declared dead, beside a task that does not heed its cancellation")
    func stubborn() async throws {
        let calls = Mutex(0)
        let isOver = Gate()
        let stubborn: EngineFixture.Function = { input in
            let isFirst = calls.withLock { calls in
                calls += 1
                return calls == 1
            }
            // A task of its own is not cancelled.
            if isFirst { await Task { try? await isOver.wait() }.value }
            return input
        }
        try await EngineFixture.make(["stubborn": stubborn]).run { fixture in
            let id = try await fixture.start(chain("stubborn", 1), input: "1")
            try await waitUntil(within: .seconds(60)) { calls.withLock { $0 } == 1 }
            _ = try await fixture.store.pool.query("UPDATE braid.workers SET ended_at = braid.now()")
            #expect(try await fixture.end(of: id) == .init(status: "SUCCEEDED", output: "1"))
            #expect(calls.withLock { $0 } == 2)
            isOver.open()
        }
    }

    @Test("drops its work as soon as it is declared dead while it drains")
    func declaredDeadWhileDraining() async throws {
        let isBegun = Gate()
        let isCancelled = Gate()
        let endless: EngineFixture.Function = { input in
            isBegun.open()
            try? await Gate().wait()
            isCancelled.open()
            return input
        }
        let fixture = try await EngineFixture.make(["endless": endless])
        let worker = try #require(fixture.engine.worker)
        let running = Task { try await fixture.engine.run() }
        try await fixture.engine.ready()
        _ = try await fixture.start(chain("endless", 1))
        try await isBegun.wait()
        // The worker alone, which has no grace of its own to be cut short by.
        await worker.stop()
        _ = try await fixture.store.pool.query("UPDATE braid.workers SET ended_at = braid.now()")
        try await isCancelled.wait()
        await fixture.engine.stop()
        _ = try? await running.value
    }

    @Test("fails a branch whose task ends its worker three times in a row")
    func deadly() async throws {
        let calls = Mutex(0)
        let pool = TestDatabase.current.pool(limit: 2)
        let deadly: EngineFixture.Function = { input in
            calls.withLock { $0 += 1 }
            _ = try? await pool.query("UPDATE braid.workers SET ended_at = braid.now()")
            try? await Task.sleep(for: .seconds(60))
            return input
        }
        try await EngineFixture.make(["deadly": deadly]).run { fixture in
            let id = try await fixture.start(chain("deadly", 1))
            let end = try await fixture.end(of: id)
            #expect(end.error == "States.Runtime")
            #expect(end.cause?.contains("died 3 times in a row") == true)
            #expect(calls.withLock { $0 } == 3)
        }
    }

    @Test("works on through connections that are cut at random, each transition exactly once")
    func cutConnections() async throws {
        try await EngineFixture.make(["echo": Self.echo]).run { fixture in
            let machine = try await fixture.machine(chain("echo", 10))
            let cutter = Task {
                let connection = try await TestDatabase.current.connect()
                while !Task.isCancelled {
                    _ = try await connection.query(
                        """
                        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                        WHERE datname = current_database() AND pid <> pg_backend_pid() AND random() < 0.3
                        """
                    )
                    try await Task.sleep(for: .milliseconds(150))
                }
            }
            var ids: [ExecutionID] = []
            for number in 0..<100 {
                // A start whose answer was lost is tried again under the same name, as a client would.
                while true {
                    let request = StartRequest(
                        machine: machine,
                        name: "n\(number)",
                        input: JSONText(trusted: "\(number)")
                    )
                    guard let outcome = try? await fixture.engine.startExecution(request) else { continue }
                    switch outcome {
                    case .started(let id, _), .sameRunning(let id, _), .nameTaken(let id): ids.append(id)
                    }
                    break
                }
            }
            try await Task.sleep(for: .seconds(1))
            cutter.cancel()
            _ = try? await cutter.value
            for (number, id) in ids.enumerated() {
                #expect(
                    try await fixture.end(of: id, within: .seconds(60))
                        == .init(status: "SUCCEEDED", output: "\(number)")
                )
            }
            try await expectWholeHistories(fixture.store)
        }
    }

    @Test("hands branches from worker to worker where each serves other functions")
    func differentFunctions() async throws {
        let first = try await EngineFixture.make(["a": Self.echo])
        let second = try await EngineFixture.make(["b": Self.echo])
        try await first.run { first in
            try await second.run { _ in
                let machine = try await first.machine(
                    #"""
                    {"StartAt":"A","States":{"A":\#(task("a", next: "B")),"B":\#(task("b", next: "C")),
                    "C":\#(task("a", next: "D")),"D":\#(task("b"))}}
                    """#
                )
                var ids: [ExecutionID] = []
                for number in 0..<30 { ids.append(try await first.start(machine, input: "\(number)")) }
                for (number, id) in ids.enumerated() {
                    #expect(try await first.end(of: id) == .init(status: "SUCCEEDED", output: "\(number)"))
                }
            }
        }
    }

    @Test("shares the iterations of one execution between four workers, without a deadlock")
    func fourWorkers() async throws {
        let fixtures = try await withThrowingTaskGroup(of: EngineFixture.self) { group in
            for _ in 0..<4 { group.addTask { try await EngineFixture.make(["echo": Self.echo]) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        try await fixtures[0].run { first in
            try await fixtures[1].run { _ in
                try await fixtures[2].run { _ in
                    try await fixtures[3].run { _ in
                        let map =
                            #"{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"T","States":{"T":\#(task("echo", next: "U")),"U":\#(task("echo"))}}}"#
                        let machine = try await first.machine(#"{"StartAt":"M","States":{"M":\#(map)}}"#)
                        let items = "[" + (0..<200).map(String.init).joined(separator: ",") + "]"
                        var ids: [ExecutionID] = []
                        for _ in 0..<5 { ids.append(try await first.start(machine, input: items)) }
                        for id in ids { #expect(try await first.end(of: id).output == items) }
                        let rows = try await first.store.pool.query(
                            "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
                        )
                        let deadlocks: Int = try #require(try rows.first?[0])
                        #expect(deadlocks == 0)
                        try await expectWholeHistories(first.store)
                    }
                }
            }
        }
    }
}
