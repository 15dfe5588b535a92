import Interpreter
import JSON
import Postgres
import StatesLanguage
import Store
import TestSupport
import Testing

@Suite("A batch with one poison transition", .database)
struct PoisonTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let state: String
        let poison: @Sendable (inout TransitionSubmission) -> Void
    }

    static let rows = [
        Row(testDescription: "that the client refuses to send", state: "22021") { one in
            one.transition.branch.state = "a\u{0}b"
        },
        Row(testDescription: "that the server refuses", state: "22001") { one in
            one.transition.branch.taskToken = "poison"
        },
    ]

    @Test(arguments: rows)
    func poison(_ row: Row) async throws {
        let bench = try await Bench()
        try await bench.connection.run(
            script: """
                CREATE FUNCTION braid.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = '22001'; END $$;
                CREATE TRIGGER refuse BEFORE UPDATE ON braid.branches FOR EACH ROW
                WHEN (NEW.task_token = 'poison') EXECUTE FUNCTION braid.refuse();
                """
        )
        var held: [Held] = []
        for _ in 0..<50 { held.append(try await bench.start()) }
        var submissions = held.map { Submission.transition($0.submit(.perform("B"))) }
        var poisoned = held[17].submit(.perform("B"))
        row.poison(&poisoned)
        submissions[17] = .transition(poisoned)
        do {
            _ = try await bench.commit(submissions)
            Issue.record("committed")
        } catch StoreError.refused(let state, let message) {
            #expect(state == row.state && !message.contains("a\u{0}b"))
        }
        for branch in held { #expect(try await bench.branch(branch.key).transition == 1) }

        // Without it the others pass, on the same connection.
        submissions.remove(at: 17)
        #expect(try await bench.commit(submissions).allSatisfy { $0.committed?.isHeld == true })
        // And the guilty branch can be failed with what the database said.
        let failure = Failure(error: "States.Runtime", cause: "The database refused: \u{0}")
        try await bench.commit(.fail(failure), of: &held[17])
        #expect(try await bench.execution(held[17].key.execution, "cause") == "The database refused: \u{FFFD}")
    }
}
