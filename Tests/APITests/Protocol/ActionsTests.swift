import Foundation
import Testing

@testable import API

@Suite("The actions that are performed")
struct ActionsTests {
    @Test("are those that the guide lists, each once")
    func guide() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let guide = try String(contentsOf: root.appending(path: "ops/guides/api.md"), encoding: .utf8)
        let rows = guide.split(separator: "\n").filter { $0.hasPrefix("| ") && !$0.contains("---") }.dropFirst()
        let listed = rows.flatMap { row in
            row.split(separator: "|")[1].split(separator: ",").map { $0.filter { $0 != " " } }
        }
        #expect(listed.sorted() == Actions.performed.keys.sorted())
    }
}
