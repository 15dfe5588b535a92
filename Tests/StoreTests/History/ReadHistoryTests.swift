import Interpreter
import JSON
import StatesLanguage
import Store
import TestSupport
import Testing

@Suite("The history of an execution", .database)
struct ReadHistoryTests {
    let store = Store(pool: TestDatabase.current.pool())

    private static let payload = JSONText(trusted: #"{"big":  "\u0000 [1, 2]"}"#)

    /// Rows of 4, 1 and 3 events.
    private func makeHistory() async throws -> ExecutionID {
        let machine = try await store.makeMachine("A")
        let id = try await store.putExecution(of: machine, at: 0)
        let input = HistoryEvent.Field.payload(Self.payload)
        func row(_ first: Int, after previous: Int, _ events: [HistoryEvent]) -> HistoryRow {
            HistoryRow(
                key: BranchKey(id, 0),
                firstEventID: first,
                previousEventID: previous,
                at: Timestamp(microseconds: Int64(first) * 1_000_000),
                state: "S",
                events: events
            )
        }
        try await store.put(
            row(
                1,
                after: 0,
                [
                    HistoryEvent(
                        .executionStarted,
                        after: .none,
                        details: [("input", input), ("roleArn", .text("r"))]
                    ),
                    HistoryEvent(.taskStateEntered, after: .none, details: [("name", .text("S")), ("input", input)]),
                    HistoryEvent(
                        .taskScheduled,
                        after: .event(1),
                        details: [
                            ("resource", .text("invoke")), ("parameters", .payload(JSONText(trusted: "7"))),
                            ("timeoutInSeconds", .number(7)),
                            ("taskCredentials", .json(["roleArn": "c"])),
                        ]
                    ),
                    HistoryEvent(.taskStarted, after: .event(2), details: [("resource", .text("invoke"))]),
                ]
            )
        )
        try await store.put(
            row(5, after: 4, [HistoryEvent(.mapStateStarted, after: .chain, details: [("length", .number(2))])])
        )
        try await store.put(
            row(
                6,
                after: 5,
                [
                    HistoryEvent(.taskSucceeded, after: .chain, details: [("output", input)]),
                    HistoryEvent(
                        .taskStateExited,
                        after: .event(0),
                        details: [("name", .text("S")), ("output", input)]
                    ),
                    HistoryEvent(.executionSucceeded, after: .event(1), details: [("output", input)]),
                ]
            )
        )
        return id
    }

    @Test("comes back as it was written: numbered, linked, with payloads to the letter")
    func whole() async throws {
        let id = try await makeHistory()
        let page = try await store.readHistory(of: id, limit: 100)
        #expect(page.next == nil)
        #expect(page.events.map(\.id) == Array(1...8))
        #expect(page.events.map(\.previousID) == [0, 0, 2, 3, 4, 5, 6, 7])
        #expect(page.events.first?.type == .executionStarted && page.events.last?.type == .executionSucceeded)
        #expect(page.events[4].at == Timestamp(microseconds: 5_000_000))
        let details = page.events[2].details
        #expect(details.map(\.name) == ["resource", "parameters", "timeoutInSeconds", "taskCredentials"])
        #expect(details[1].value == .payload(JSONText(trusted: "7")))
        #expect(details[2].value == .number(7))
        #expect(details[3].value == .json(["roleArn": "c"]))
        #expect(page.events[7].details.first?.value == .payload(Self.payload))
    }

    @Test("is paged from either end, pages beginning and ending inside rows", arguments: 1...9)
    func pages(_ limit: Int) async throws {
        let id = try await makeHistory()
        for reverse in [false, true] {
            var ids: [Int] = []
            var next: Int?
            repeat {
                let page = try await store.readHistory(of: id, from: next, limit: limit, reverse: reverse)
                #expect(page.events.count <= limit)
                ids += page.events.map(\.id)
                next = page.next
            } while next != nil
            #expect(ids == (reverse ? Array((1...8).reversed()) : Array(1...8)))
        }
    }

    @Test("is cut into smaller pages where payloads are large, each of at least one event", arguments: [1, 100, 200])
    func bytes(_ bytes: Int) async throws {
        let id = try await makeHistory()
        for reverse in [false, true] {
            var ids: [Int] = []
            var pages = 0
            var next: Int?
            repeat {
                let page = try await store.readHistory(of: id, from: next, limit: 100, reverse: reverse, bytes: bytes)
                #expect(!page.events.isEmpty)
                ids += page.events.map(\.id)
                pages += 1
                next = page.next
            } while next != nil
            #expect(ids == (reverse ? Array((1...8).reversed()) : Array(1...8)))
            #expect(pages > 1)
        }
    }

    @Test("is empty where there is none, and beyond its end")
    func nothing() async throws {
        let machine = try await store.makeMachine("B")
        let id = try await store.putExecution(of: machine, at: 9)
        #expect(try await store.readHistory(of: id, limit: 10).events.isEmpty)
        #expect(try await store.readHistory(of: id, limit: 10, reverse: true).next == nil)
        let other = try await makeHistory()
        let beyond = try await store.readHistory(of: other, from: .max, limit: 1000)
        #expect(beyond.events.isEmpty && beyond.next == nil)
    }
}
