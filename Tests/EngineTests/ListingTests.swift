import Foundation
import JSON
import Objects
import Testing

@testable import Engine

@Suite("A listing as items")
struct ListingTests {
    private static let keys = ["a", "b/1", "b/2", "b/c/3", "d", "e/4", "f"]

    /// The keys that are left behind some, with as many on a page as there are.
    private func listed(_ request: ObjectListRequest, upTo delimiter: String?) async throws -> [String] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("listing-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("bucket"),
            withIntermediateDirectories: true
        )
        let store = DirectoryObjects(root: folder.path)
        for key in Self.keys { try await store.put([1], as: ObjectName(bucket: "bucket", key: key)) }
        var listing = Listing(request, upTo: delimiter, in: store, at: nil)
        var found: [String] = []
        while let entry = try await listing.next() {
            found.append(entry.key)
            // Whoever takes over goes on there.
            listing = Listing(request, upTo: delimiter, in: store, at: listing.cursor)
        }
        return found
    }

    @Test("has all objects, those behind a key, or those in no folder behind the prefix", arguments: [1, 1_000])
    func keys(limit: Int) async throws {
        var request = ObjectListRequest(bucket: "bucket", limit: limit)
        #expect(try await listed(request, upTo: nil) == Self.keys)
        #expect(try await listed(request, upTo: "/") == ["a", "d", "f"])
        request.prefix = "b/"
        #expect(try await listed(request, upTo: "/") == ["b/1", "b/2"])
        request.prefix = ""
        request.after = "b/1"
        #expect(try await listed(request, upTo: nil) == ["b/2", "b/c/3", "d", "e/4", "f"])
        #expect(try await listed(request, upTo: "") == ["b/2", "b/c/3", "d", "e/4", "f"])
    }
}
