import Engine
import Interpreter
import JSON
import Lifecycle
import Postgres
import StatesLanguage
import Store
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import Console

@Suite("What happens, told to pages", .database)
struct LiveTests {
    let store = Store(pool: TestDatabase.current.pool())

    /// Makes an execution whose history has a row with two events.
    private func make() async throws -> ExecutionRecord {
        let content = RevisionContent(definition: "{}", roleARN: "r")
        let made = try await store.createStateMachine(named: "m", type: .standard, content: content)
        let machine = try #require(made)
        _ = try await store.pool.query(
            """
            INSERT INTO braid.executions (execution_id, state_machine_id, revision_id, started_at, input)
            VALUES ((lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint), 12, '0')
                || '7' || substr(md5('x'), 1, 3) || '8' || substr(md5('x'), 4, 15))::uuid, $1, $2, now(), '{}')
            """,
            [.int8(machine.id.rawValue), .int8(machine.revisionID.rawValue)]
        )
        let found = try await store.recentlyChangedExecutions(limit: 10)
        let summary = try #require(found.first)
        try await append(to: summary.id, first: 1)
        let record = try await store.findExecution(named: summary.name, ofMachineNamed: "m")
        return try #require(record)
    }

    /// Appends a row of two events: a Pass state's.
    private func append(to id: ExecutionID, first: Int) async throws {
        let entered = HistoryEventType.codes[.passStateEntered] ?? 0
        let exited = HistoryEventType.codes[.passStateExited] ?? 0
        _ = try await store.pool.query(
            """
            INSERT INTO braid.history (
                execution_id, first_event_id, event_count, previous_event_id, branch_id, at, state, events, payloads
            ) VALUES ($1, $2, 2, $2 - 1, 0, now(), 'S', $3, '{}')
            """,
            [
                .uuid(id.value), .int4(Int32(first)),
                .text("[[\(entered),-1,{\"name\":\"S\",\"input\":1}],[\(exited),1,{\"name\":\"S\",\"output\":1}]]"),
            ]
        )
    }

    @Test("is an execution's events without payloads, each linked as its history links it")
    func outlines() async throws {
        let record = try await make()
        try await append(to: record.id, first: 3)
        let all = try await store.readOutlines(after: [record.id: 0], limit: 100)[record.id] ?? []
        #expect(all.map(\.id) == [1, 2, 3, 4] && all.map(\.previousID) == [0, 1, 2, 3])
        #expect(
            all.map(\.type.rawValue) == ["PassStateEntered", "PassStateExited", "PassStateEntered", "PassStateExited"]
        )
        #expect(all.allSatisfy { $0.state == "S" })
        let rest = try await store.readOutlines(after: [record.id: 2], limit: 100)[record.id] ?? []
        #expect(rest.map(\.id) == [3, 4])
    }

    @Test("is asked for once for all pages that follow an execution, and told from where each of them is")
    func together() async throws {
        let record = try await make()
        let onlookers = Onlookers(store: store, logger: Logger(label: "test"))
        let feed = LiveFeed(store: store, onlookers: onlookers)
        let running = Task { try await feed.run() }
        let followers = (0..<200).map { _ in feed.follow(record, from: 2) }
        #expect(followers.allSatisfy { $0.position == 2 } && feed.pageCount == 200 && feed.queryCount == 0)
        try await append(to: record.id, first: 3)
        // Nobody but the test tells of changes here, since the onlookers do not run.
        onlookers.changed(Sight(executions: [record.id]))
        for follower in followers {
            var told: [Int] = []
            for await case .events(let events) in follower.messages {
                told = events.map(\.id)
                break
            }
            #expect(told == [3, 4])
        }
        #expect(feed.queryCount == 1)
        await feed.stop()
        try await running.value
    }

    @Test("is looked for by itself where nobody told of it")
    func untold() async throws {
        let record = try await make()
        let onlookers = Onlookers(store: store, logger: Logger(label: "test"))
        let feed = LiveFeed(store: store, onlookers: onlookers)
        let group = PartGroup([Part("onlookers", onlookers), Part("feed", feed)])
        let running = Task { try await group.run() }
        let follower = feed.follow(record, from: 2)
        try await append(to: record.id, first: 3)
        for await case .events(let events) in follower.messages {
            #expect(events.map(\.id) == [3, 4])
            break
        }
        group.stop()
        try await running.value
    }

    @Test("is which executions start and end")
    func list() async throws {
        let onlookers = Onlookers(store: store, logger: Logger(label: "test"))
        let feed = LiveFeed(store: store, onlookers: onlookers)
        let running = Task { try await feed.run() }
        let messages = feed.followList()
        let record = try await make()
        onlookers.changed(.lists)
        for await case .executions(let changed) in messages {
            #expect(changed.map(\.id) == [record.id])
            break
        }
        await feed.stop()
        try await running.value
        #expect(await feed.followListEnds)
    }

    @Test("is read once for all pages that ask again and again, until lists change")
    func shared() async throws {
        let onlookers = Onlookers(store: store, logger: Logger(label: "test"))
        let answers = SharedAnswers(onlookers: onlookers)
        let reads = Mutex(0)
        let ask = { @Sendable in
            try await answers.answer("it") {
                .number(
                    reads.withLock {
                        $0 += 1; return $0
                    }
                )
            }
        }
        let told = try await withThrowingTaskGroup(of: JSONValue.self) { group in
            for _ in 0..<200 { group.addTask { try await ask() } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1.text) }
        }
        #expect(told == ["1"])
        onlookers.changed(.lists)
        let deadline = ContinuousClock.now + .seconds(60)
        while try await ask().text == "1", .now < deadline { await Task.yield() }
        #expect(try await ask().text == "2")
    }

    @Test("is refused, and read anew, where the database does not answer")
    func notAnswered() async throws {
        let answers = SharedAnswers(onlookers: Onlookers(store: store, logger: Logger(label: "test")))
        await #expect(throws: Refusal.self) {
            try await answers.answer("it") { () throws(StoreError) in throw .unavailable("gone") }
        }
        #expect(try await answers.answer("it") { "there" }.text == "\"there\"")
    }
}

extension LiveFeed {
    /// Whether a page that comes after the end is sent away at once.
    fileprivate var followListEnds: Bool {
        get async {
            for await _ in followList() { return false }
            return true
        }
    }
}
