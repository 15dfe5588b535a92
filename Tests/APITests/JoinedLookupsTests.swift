@testable import Store
import Synchronization
import TestSupport
import Testing

@testable import API

@Suite("Looking things up by their names")
struct JoinedLookupsTests {
    /// Finds what is asked for, once it is let.
    private final class Finder: Sendable {
        let asked = Mutex<[[String]]>([])
        let (gate, open) = AsyncStream.makeStream(of: Void.self)

        @Sendable func find(_ names: [String]) async throws(StoreError) -> [String: String] {
            asked.withLock { $0.append(names.sorted()) }
            for await _ in gate { break }
            if names.contains("broken") { throw .unavailable("broken") }
            return Dictionary(uniqueKeysWithValues: names.filter { $0 != "missing" }.map { ($0, "found \($0)") })
        }
    }

    @Test("asks once for all who came while it was asking, and never answers with what it asked before they came")
    func gathers() async throws {
        let finder = Finder()
        let lookups = JoinedLookups(finder.find)
        async let first = lookups.find("a")
        // Nobody waits for ever should this fail half-way.
        defer { finder.open.finish() }
        try await waitUntil(within: .seconds(60)) { finder.asked.withLock { $0.count } == 1 }
        async let others = withThrowingTaskGroup(of: String?.self) { group in
            for name in ["a", "bb", "bb", "missing"] { group.addTask { try await lookups.find(name) } }
            return try await group.reduce(into: []) { $0.append($1 ?? "none") }.sorted()
        }
        defer { finder.open.finish() }
        try await waitUntil(within: .seconds(60)) { lookups.waitingCount == 4 }
        finder.open.yield()
        #expect(try await first == "found a")
        finder.open.yield()
        #expect(try await others == ["found a", "found bb", "found bb", "none"])
        #expect(finder.asked.withLock { $0 } == [["a"], ["a", "bb", "missing"]])
    }

    @Test("tells all who asked why it failed, and asks again for the next")
    func fails() async throws {
        let finder = Finder()
        let lookups = JoinedLookups(finder.find)
        finder.open.yield()
        await #expect(throws: StoreError.unavailable("broken")) { try await lookups.find("broken") }
        finder.open.yield()
        #expect(try await lookups.find("a") == "found a")
    }
}
