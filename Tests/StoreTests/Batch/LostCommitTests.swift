import Interpreter
import JSON
import Postgres
import StatesLanguage
import Store
import TestSupport
import Testing

/// The connection is cut after the commit and before its answer: the server waits there for a standby that never comes, and
/// its session is ended while it waits.
@Suite("A batch that was committed without an answer")
struct LostCommitTests {
    @Test("is committed exactly once, when it is submitted again")
    func repeated() async throws {
        let server = try await OwnServer()
        let bench = try await Bench(server.settings)
        var kept = try await bench.start()
        let released = try await bench.start()
        let ending = try await bench.start()
        let forking = try await bench.start()
        var parent = try await bench.start()
        let fork = try await bench.commit(.map(2), of: &parent) { $0.share = 2 }
        let children = try #require(fork.committed).taken.compactMap { Held($0) }

        let newcomer = bench.submission(.perform(), id: bench.newID(), lease: bench.newLease(), name: "n")
        let unheld = bench.submission(.perform(), id: bench.newID(), lease: nil)
        var submissions = [.start(newcomer), .start(unheld)] as [Submission]
        for (held, step) in [
            (kept, Step.perform("B")), (released, .proceed()), (ending, .complete("[1]")), (forking, .map(3)),
            (children[0], .endIteration(0)), (children[1], .endIteration(1)),
        ] {
            var one = held.submit(step)
            one.firstLease = bench.numbers(10)
            one.share = 2
            one.keeps = held.key != released.key
            submissions.append(.transition(one))
        }
        let wanted = submissions
        try await loseAnswer(on: server, bench) { connection in
            _ = try await bench.commit(wanted, on: connection)
        }

        let answers = try await bench.commit(wanted, isRepeated: true)
        // Starts are answered as the first time; a branch that is still held goes on.
        #expect(answers[0].committed?.isHeld == true && answers[0].committed?.wasBefore == true)
        #expect(answers[1].committed?.isHeld == false && answers[1].committed?.wasBefore == true)
        #expect(answers[2].committed?.isHeld == true && answers[2].committed?.number == 2)
        #expect(answers[2].committed?.lastEventID == 7)
        #expect(answers[3...].allSatisfy { $0.isLost })
        for (held, events) in [(kept, 7), (released, 5), (ending, 6), (forking, 6), (parent, 12)] {
            #expect(try await bench.history(of: held.key.execution).count == events)
        }
        for id in [newcomer.id, unheld.id] { #expect(try await bench.history(of: id).count == 4) }
        #expect(try await bench.branch(parent.key).phase == "J")
        #expect(try await bench.execution(ending.key.execution, "status") == "SUCCEEDED")

        // What the lost answer gave away is given back: two children of the fork, the joined parent.
        for case .transition(let one) in wanted {
            _ = try await bench.store.releaseUnknown(
                in: one.key.execution,
                of: bench.worker,
                from: one.firstLease,
                count: 10
            )
        }
        let ready = try await bench.lease(places: 20)
        #expect(
            Set(ready.map(\.key))
                == Set(
                    [released.key, parent.key, BranchKey(unheld.id, 0)]
                        + (1...3).map { BranchKey(forking.key.execution, $0) }
                )
        )
        kept.take(answers[2])
        #expect(try await bench.commit(.complete(), of: &kept).committed != nil)
        for held in [released, ending, forking] {
            var held = held
            #expect(try await bench.commit(.complete(), of: &held).isLost)
        }
    }

    @Test("is committed then, when it was not the first time")
    func notCommitted() async throws {
        let server = try await OwnServer()
        let bench = try await Bench(server.settings)
        let held = try await bench.start()
        let start = bench.submission(.perform(), id: bench.newID(), lease: bench.newLease(), name: "n")
        let submissions: [Submission] = [.start(start), .transition(held.submit(.perform("B")))]
        let connection = try await Connection.connect(to: server.settings)
        // Asked now: a connection answers nothing while it waits for the server.
        let process = await connection.processID
        // Its session ends while the commit waits for a lock.
        let other = try await bench.connectPatiently()
        try await other.transaction { transaction throws(PostgresError) in
            _ = try await transaction.query("SELECT 1 FROM braid.branches FOR UPDATE")
            do {
                let commit = Task { try await bench.commit(submissions, on: connection) }
                try await end(process, of: bench, waitingFor: "Lock")
                await #expect(throws: StoreError.self) { try await commit.value }
            } catch {
                Issue.record(error)
            }
        }
        let answers = try await bench.commit(submissions, isRepeated: true)
        #expect(answers.map { $0.committed?.wasBefore } == [false, false])
        #expect(answers.allSatisfy { $0.committed?.isHeld == true })
        #expect(try await bench.history(of: held.key.execution).count == 7)
    }

    /// Performs something whose commit is not answered, and whose connection is lost over it.
    private func loseAnswer(
        on server: OwnServer,
        _ bench: Bench,
        _ body: @escaping @Sendable (Connection) async throws -> Void
    ) async throws {
        let connection = try await Connection.connect(to: server.settings)
        // Asked now: a connection answers nothing while it waits for the server.
        let process = await connection.processID
        try await configure("ALTER SYSTEM SET synchronous_standby_names = 'nobody'", bench)
        let failure = Task { () -> (any Error)? in
            do {
                try await body(connection)
                return nil
            } catch {
                return error
            }
        }
        try await end(process, of: bench, waitingFor: "IPC")
        guard case .unavailable? = await failure.value as? StoreError else {
            Issue.record("the commit was answered")
            return
        }
        try await configure("ALTER SYSTEM RESET synchronous_standby_names", bench)
    }

    private func configure(_ statement: String, _ bench: Bench) async throws {
        _ = try await bench.connection.query(statement)
        _ = try await bench.connection.query("SELECT pg_reload_conf()")
        let isSet = statement.contains("nobody")
        try await waitUntil(within: .seconds(60)) {
            let rows = try await bench.connection.query("SELECT current_setting('synchronous_standby_names') <> ''")
            return try #require(rows.first)[0] as Bool == isSet
        }
    }

    /// Ends a session once it waits.
    private func end(_ process: Int32, of bench: Bench, waitingFor kind: String) async throws {
        try await waitUntil(within: .seconds(60)) {
            let rows = try await bench.connection.query(
                "SELECT 1 FROM pg_stat_activity WHERE pid = $1 AND wait_event_type = $2",
                [.int4(process), .text(kind)]
            )
            return !rows.isEmpty
        }
        _ = try await bench.connection.query("SELECT pg_terminate_backend($1)", [.int4(process)])
    }
}
