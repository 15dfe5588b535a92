import Interpreter
import JSON
import Postgres
import StatesLanguage
import Store
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

    @Test("is found out once for all pages that follow an execution, and told from where each of them is")
    func together() async throws {
        let record = try await make()
        let feed = LiveFeed(store: store)
        let running = Task { try await feed.run() }
        let followers = (0..<200).map { _ in feed.follow(record, from: 2) }
        #expect(followers.allSatisfy { $0.position == 2 } && feed.pageCount == 200)
        let before = feed.queryCount
        try await append(to: record.id, first: 3)
        for follower in followers {
            var told: [Int] = []
            for await case .events(let events) in follower.messages {
                told = events.map(\.id)
                break
            }
            #expect(told == [3, 4])
        }
        // Ticks while nothing had come, and the one that told it to all.
        #expect(feed.queryCount - before <= 20)
        await feed.stop()
        try await running.value
    }

    @Test("is which executions start and end")
    func list() async throws {
        let feed = LiveFeed(store: store)
        let running = Task { try await feed.run() }
        let messages = feed.followList()
        let record = try await make()
        for await case .executions(let changed) in messages {
            #expect(changed.map(\.id) == [record.id])
            break
        }
        await feed.stop()
        try await running.value
        #expect(await feed.followListEnds)
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
