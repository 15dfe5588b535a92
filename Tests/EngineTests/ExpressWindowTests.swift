import Store
import Testing

@testable import Engine

@Suite("The children in memory that are not all kept")
struct ExpressWindowTests {
    /// Slices of two children each, which begin with these.
    private func window(_ slices: Int) -> ExpressWindow {
        var window = ExpressWindow()
        for slice in 0..<slices {
            let end = 2 * slice + 2
            window.begin(
                2 * slice..<end,
                items: 2,
                bytes: 10,
                behind: ExpressWindow.Place(children: end, items: end, cursor: "\(end)")
            )
        }
        return window
    }

    private func results(_ bytes: Int = 5) -> ExpressResults {
        var results = ExpressResults(children: 2)
        results.kept = [UInt8](repeating: 0x20, count: bytes)
        return results
    }

    @Test("are kept in any order, while reading goes on behind those in front of which all are")
    func anyOrder() {
        var window = window(4)
        #expect(window.waiting == ChildrenInMemory(children: 8, items: 8))
        window.end(2, with: results())
        window.end(6, with: results())
        #expect(window.ready == 4)
        #expect(window.readyAtFront == 0)
        let behind = window.take(ofAll: true, children: 100, bytes: 100)
        #expect(behind.keeps.map(\.first) == [2, 6])
        #expect(behind.place == nil)
        _ = window.keep(room: 0)
        #expect(window.waiting.children == 4)

        window.end(0, with: results())
        #expect(window.readyAtFront == 2)
        let front = window.take(ofAll: false, children: 100, bytes: 100)
        #expect(front.keeps.map(\.first) == [0])
        #expect(front.place?.children == 4)
        #expect(front.place?.cursor == "4")
        _ = window.keep(room: 0)

        window.end(4, with: results())
        #expect(window.take(ofAll: false, children: 100, bytes: 100).place?.children == 8)
        _ = window.keep(room: 0)
        #expect(window.isEmpty)
        #expect(window.held == 0)
        #expect(window.waiting == ChildrenInMemory())
    }

    @Test("are kept together where one follows the other, no more than a commit takes")
    func together() {
        var window = window(4)
        for first in [0, 2, 4, 6] { window.end(first, with: results()) }
        let (keeps, place) = window.take(ofAll: false, children: 5, bytes: 100)
        #expect(keeps.map(\.first) == [0])
        #expect(keeps.map(\.results.count) == [3])
        #expect(place?.children == 6)
        #expect(window.ready == 2)
        _ = window.keep(room: 0)
        #expect(window.take(ofAll: false, children: 100, bytes: 1).keeps.map(\.first) == [6])
    }

    @Test("leave what was kept before to be read again, in its turn")
    func keptBefore() {
        var window = window(1)
        window.take(2..<10, behind: ExpressWindow.Place(children: 10, items: 10, cursor: "10"), isExported: true)
        window.end(0, with: results())
        #expect(window.take(ofAll: false, children: 100, bytes: 100).place?.children == 10)
        let ranges = window.keep(room: 0).map { export in
            if case .kept(let range) = export { range } else { 0..<0 }
        }
        #expect(ranges == [2..<10])
        #expect(window.isEmpty)
    }
}
