import Foundation
import Testing

@testable import Objects

@Suite("The names in a large folder")
struct FolderCacheTests {
    /// Runs the body with a folder of 300 files.
    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("names-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for number in 0..<300 { _ = try FileSystem.create("\(folder.path)/\(number)") }
        try body(folder.path)
    }

    @Test("are read once for all pages of a listing, until something is put there or removed")
    func kept() throws {
        try withFolder { folder in
            let cache = FolderCache(mostNameBytes: 1 << 20, now: { .max })
            let first = try #require(cache.names(in: folder, from: []))
            #expect(first.count == 300)
            #expect(cache.names(in: folder, from: Array("2".utf8)) === first)
            try changed(folder) { _ = try FileSystem.create("\(folder)/new") }
            let second = try #require(cache.names(in: folder, from: Array("2".utf8)))
            #expect(second.count == 8 + 80 + 100 + 1, "2 to 9, 20 to 99, 200 to 299, and the new one")
            try changed(folder) { FileSystem.removeFile("\(folder)/new") }
            #expect(try #require(cache.names(in: folder, from: Array("2".utf8))).count == second.count - 1)
        }
    }

    @Test("are read again where the folder has changed so lately that its time may not tell of more")
    func unsettled() throws {
        try withFolder { folder in
            let changedAt = try FileSystem.stamp(of: folder).changedAt
            let cache = FolderCache(mostNameBytes: 1 << 20, now: { changedAt + 1_000_000_000 })
            let first = try #require(cache.names(in: folder, from: []))
            #expect(cache.names(in: folder, from: []) !== first)
        }
    }

    @Test("are read from where the page begins, and no more of them than are held")
    func part() throws {
        try withFolder { folder in
            let names = try FolderNames(in: folder, from: Array("29".utf8), mostBytes: 60)
            #expect(names.first == Array("29".utf8))
            #expect(names[0] == "29")
            #expect(names.byteCount < 60 + 60 * 8)
            let rest = try #require(names.rest)
            let next = try FolderNames(in: folder, from: rest, mostBytes: 1 << 20)
            let all = try FolderNames(in: folder, from: [], mostBytes: 1 << 20)
            let texts = (0..<names.count).map { names[$0] } + (0..<next.count).map { next[$0] }
            #expect(texts == (all.index(of: names.first)..<all.count).map { all[$0] })
            #expect(all.rest == nil)
        }
    }

    /// Does something until the folder's time tells that it was done: that moves by steps.
    private func changed(_ folder: String, _ change: () throws -> Void) throws {
        let before = try FileSystem.stamp(of: folder)
        let deadline = ContinuousClock.now + .seconds(60)
        repeat {
            try change()
            _ = try FileSystem.create("\(folder)/0.step")
            FileSystem.removeFile("\(folder)/0.step")
        } while try FileSystem.stamp(of: folder) == before && ContinuousClock.now < deadline
    }
}
