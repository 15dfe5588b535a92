import StatesLanguage
import Store
import TestSupport
import Testing

@testable import API

@Suite("Revisions that were asked for", .database)
struct RevisionCacheTests {
    @Test("are remembered, fewer of them where their definitions are long")
    func size() async throws {
        let store = Store(pool: TestDatabase.current.pool())
        let content = RevisionContent(definition: "{}", roleARN: "arn:aws:iam::123456789012:role/r")
        var record = try #require(try await store.createStateMachine(named: "m", type: .standard, content: content))
        let revisions = RevisionCache()
        let remembered = { (0..<100).count { revisions[RevisionID(rawValue: $0)] != nil } }
        for number: Int64 in 0..<100 { revisions[RevisionID(rawValue: number)] = record }
        #expect(remembered() == 100)
        record.definition = String(repeating: "x", count: 1 << 20)
        for number: Int64 in 0..<100 { revisions[RevisionID(rawValue: number)] = record }
        #expect(1...8 ~= remembered())
    }
}
