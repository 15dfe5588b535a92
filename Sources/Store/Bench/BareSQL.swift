package import Postgres

/// The limit: the same rows, written by bare SQL in the best way there is, without an engine around it.
///
/// The tables have the shape, the keys, the indexes and the settings of Braid's own. A transition locks its execution's
/// row, inserts a history row and updates the branch; many share a transaction and a round trip.
package enum BareSQL {
    /// What is written.
    package enum Shape: Sendable {
        /// Transitions of many executions, in batches of 50 by two connections, with payloads of so many bytes.
        case transitions(bytes: Int)
        /// A fork of so many children, and their ends, in batches of 50.
        case fork(children: Int)
        /// Starts of executions that end at once, in batches of 32.
        case starts
        /// One execution after the other, so many commits each.
        case sequence(commits: Int)
    }

    /// What came of it.
    package struct Outcome: Sendable {
        /// Transitions, starts or executions a second.
        package var perSecond: Double
        /// How long one took, where they come one after the other, in milliseconds.
        package var latencies: [Double] = []
        package var walBytesEach: Double
    }

    static let tables = """
        DROP TABLE IF EXISTS braid_bench.branches, braid_bench.history, braid_bench.executions;
        CREATE SCHEMA IF NOT EXISTS braid_bench;
        CREATE TABLE braid_bench.executions (LIKE braid.executions INCLUDING ALL) WITH (fillfactor = 80);
        CREATE TABLE braid_bench.branches (LIKE braid.branches INCLUDING ALL) WITH (fillfactor = 60);
        CREATE TABLE braid_bench.history (LIKE braid.history INCLUDING ALL);
        """

    /// Measures a shape, for about so long.
    package static func measure(
        _ shape: Shape,
        _ settings: ConnectionSettings,
        for time: Duration
    ) async throws -> Outcome {
        let settings = settings.with { $0.session.merge(Store.session) { own, _ in own } }
        let setup = try await Connection.connect(to: settings)
        try await setup.run(script: tables)
        let wal = try await Store.walPosition(on: setup)
        let began = ContinuousClock.now
        var outcome: Outcome
        let count: Int
        switch shape {
        case .transitions(let bytes):
            count = try await transitions(bytes, settings, until: began + time)
            outcome = Outcome(perSecond: 0, walBytesEach: 0)
        case .fork(let children):
            count = children
            try await fork(children, setup)
            outcome = Outcome(perSecond: 0, walBytesEach: 0)
        case .starts:
            let batch = 32
            let before = setup.roundTrips
            try await setup.performAll { number in
                guard ContinuousClock.now < began + time else { return nil }
                return starts(from: number * batch, batch)
            }
            count = (setup.roundTrips - before) * batch
            outcome = Outcome(perSecond: 0, walBytesEach: 0)
        case .sequence(let commits):
            var latencies: [Double] = []
            while ContinuousClock.now < began + time || latencies.count < 20 {
                let start = ContinuousClock.now
                let key = latencies.count
                try await setup.performAll { number in
                    if number == 0 { return starts(from: key, 1) }
                    guard number < commits else { return nil }
                    return transition([key], event: number + 1, payload: payload(200))
                }
                latencies.append((ContinuousClock.now - start) / .milliseconds(1))
            }
            count = latencies.count
            outcome = Outcome(perSecond: 0, latencies: latencies, walBytesEach: 0)
        }
        outcome.perSecond = Double(count) / ((ContinuousClock.now - began) / .seconds(1))
        let written = try await Store.walPosition(on: setup) - wal
        outcome.walBytesEach = Double(written) / Double(max(1, count))
        try await setup.run(script: "DROP TABLE braid_bench.branches, braid_bench.history, braid_bench.executions")
        await setup.close()
        return outcome
    }

    // MARK: Shapes

    private static func transitions(
        _ bytes: Int,
        _ settings: ConnectionSettings,
        until end: ContinuousClock.Instant
    ) async throws -> Int {
        let lanes = 2
        let each = 1_000
        let batch = 50
        let text = payload(bytes)
        return try await withThrowingTaskGroup(of: Int.self) { group in
            for lane in 0..<lanes {
                group.addTask {
                    let connection = try await Connection.connect(to: settings)
                    let first = lane * each
                    try await connection.performAll { number in
                        number == 0 ? starts(from: first, each, payload: text) : nil
                    }
                    let before = connection.roundTrips
                    try await connection.performAll { number in
                        guard ContinuousClock.now < end else { return nil }
                        let place = number * batch % each
                        let keys = (first + place)..<(first + place + batch)
                        return transition(Array(keys), event: 2 + number * batch / each, payload: text)
                    }
                    let done = (connection.roundTrips - before) * batch
                    await connection.close()
                    return done
                }
            }
            return try await group.reduce(0, +)
        }
    }

    private static func fork(_ children: Int, _ connection: Connection) async throws {
        let batch = 50
        try await connection.performAll { number in
            if number == 0 {
                return [Statement("BEGIN")] + starts(from: 0, 1)[1...2] + [
                    insertChildren(children), Statement("COMMIT"),
                ]
            }
            let first = (number - 1) * batch
            guard first < children else { return nil }
            return endChildren(first..<min(children, first + batch))
        }
    }

    // MARK: Statements

    private static func id(_ number: Int) -> UUIDValue {
        UUIDValue(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0000 | UInt64(number))
    }

    /// Letters that do not compress to nothing, as real payloads do not.
    private static func payload(_ bytes: Int) -> String {
        var state: UInt64 = 1
        let letters = (0..<max(1, bytes - 11)).map { _ -> Character in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Character(UnicodeScalar(UInt8(97 + (state >> 33) % 26)))
        }
        return #"{"data":""# + String(letters) + #""}"#
    }

    private static func starts(from first: Int, _ count: Int, payload: String = payload(200)) -> [Statement] {
        let keys = (first..<first + count).map { id($0) }
        let values: [PostgresValue] = [.uuidArray(keys), .text(payload)]
        return [
            Statement("BEGIN"),
            Statement(
                """
                INSERT INTO braid_bench.executions (execution_id, state_machine_id, revision_id, started_at, input)
                SELECT key, 1, 1, now(), $2 FROM unnest($1::uuid[]) AS key
                """,
                values
            ),
            Statement(
                """
                INSERT INTO braid_bench.branches (execution_id, branch_id, worker, lease, wake_at, kind, state, input,
                    last_event_id, last_event_at)
                SELECT key, 0, 1, 1, 'infinity', 'root', 'T1', $2, 1, now() FROM unnest($1::uuid[]) AS key
                """,
                values
            ),
            history(keys, keys.map { _ in 1 }, branch: 0, payload),
            Statement("COMMIT"),
        ]
    }

    private static func transition(_ numbers: [Int], event: Int, payload: String) -> [Statement] {
        let keys = PostgresValue.uuidArray(numbers.map { id($0) })
        let events = numbers.map { _ in Int32(event) }
        return [
            Statement("BEGIN"),
            Statement(
                """
                SELECT last_event_id FROM braid_bench.branches WHERE branch_id = 0 AND execution_id = ANY($1)
                ORDER BY execution_id FOR NO KEY UPDATE
                """,
                [keys]
            ),
            Statement(
                """
                UPDATE braid_bench.branches AS b SET transition = transition + 1, last_event_id = v.event, state = 'T2',
                    previous_event_id = v.event, last_event_at = now(), entered_at = now(), input = v.input
                FROM unnest($1::uuid[], $2::int4[], $3::text[]) AS v (id, event, input)
                WHERE b.execution_id = v.id AND b.branch_id = 0 AND b.worker = 1 AND b.lease = 1
                """,
                [keys, .int4Array(events), .textArray(numbers.map { _ in payload })]
            ),
            history(numbers.map { id($0) }, events, branch: 0, payload),
            Statement("COMMIT"),
        ]
    }

    private static func insertChildren(_ count: Int) -> Statement {
        Statement(
            """
            INSERT INTO braid_bench.branches (execution_id, branch_id, parent_id, ordinal, worker, lease, wake_at, kind,
                state, input)
            SELECT $1, n, 0, n, 1, n, 'infinity', 'iteration', 'P', v FROM unnest($2::int4[], $3::text[]) AS c (n, v)
            """,
            [.uuid(id(0)), .int4Array((1...Int32(count)).map { $0 }), .textArray((1...count).map { "\($0 % 10)" })]
        )
    }

    private static func endChildren(_ range: Range<Int>) -> [Statement] {
        let numbers = PostgresValue.int4Array(range.map { Int32($0 + 1) })
        return [
            Statement("BEGIN"),
            Statement(
                """
                SELECT last_event_id FROM braid_bench.branches WHERE branch_id = 0 AND execution_id = ANY($1)
                ORDER BY execution_id FOR NO KEY UPDATE
                """,
                [.uuidArray([id(0)])]
            ),
            Statement(
                """
                UPDATE braid_bench.branches AS b SET transition = 1, status = 'SUCCEEDED', wake_at = NULL, worker = NULL,
                    lease = NULL, output = input
                FROM unnest($2::int4[]) AS v (n) WHERE b.execution_id = $1 AND b.branch_id = v.n
                """,
                [.uuid(id(0)), numbers]
            ),
            Statement(
                "UPDATE braid_bench.branches SET last_event_id = $2 WHERE execution_id = $1 AND branch_id = 0",
                [.uuid(id(0)), .int4(Int32(range.upperBound * 4))]
            ),
            history(range.map { _ in id(0) }, range.map { Int32($0 * 4 + 2) }, branch: 1, "1"),
            Statement("COMMIT"),
        ]
    }

    /// Each row has texts of its own, as it does in life.
    private static func history(_ keys: [UUIDValue], _ events: [Int32], branch: Int32, _ payload: String) -> Statement {
        let text =
            #"[[23,-1,{"output":1,"name":"T1"}],[54,1,{"input":1,"name":"T2"}],[18,2,{"input":1}],[20,3]]"#
        return Statement(
            """
            INSERT INTO braid_bench.history (execution_id, first_event_id, event_count, previous_event_id, branch_id, at,
                state, events, payloads)
            SELECT id, event, 4, event - 1, $3, now(), state, events, payloads
            FROM unnest($1::uuid[], $2::int4[], $4::text[], $5::text[], $6::text[]) AS v (id, event, state, events, payloads)
            """,
            [
                .uuidArray(keys), .int4Array(events), .int4(branch), .textArray(keys.map { _ in "T1" }),
                .textArray(keys.map { _ in text }), .textArray(keys.map { _ in payload }),
            ]
        )
    }
}
