import Foundation
import Objects
import Testing

@Suite("A directory as an object store")
struct DirectoryObjectsTests {
    @Test("has as objects the files that people put there, and puts objects where they look for them")
    func files() async throws {
        try await withDirectory { store, bucket in
            try FileManager.default.createDirectory(atPath: "\(bucket)/in", withIntermediateDirectories: true)
            try Data("a,b\n".utf8).write(to: URL(fileURLWithPath: "\(bucket)/in/100% rows.csv"))
            let name = ObjectName(bucket: "bucket", key: "in/100% rows.csv")
            #expect(try await store.read(name, 0..<10, ifMatch: nil) == Array("a,b\n".utf8))
            try await store.put(Array("x".utf8), as: ObjectName(bucket: "bucket", key: "out/deep/result.json"))
            #expect(FileManager.default.contents(atPath: "\(bucket)/out/deep/result.json") == Data("x".utf8))
            let keys = try await store.list(ObjectListRequest(bucket: "bucket")).entries.map(\.key)
            #expect(keys == ["in/100% rows.csv", "out/deep/result.json"])
        }
    }

    @Test("never leaves a bucket, whatever the key or the bucket is called")
    func escape() async throws {
        try await withDirectory { store, bucket in
            let outside = URL(fileURLWithPath: bucket).deletingLastPathComponent().appendingPathComponent("secret")
            try Data("secret".utf8).write(to: outside)
            for key in ["../secret", "a/../../secret", "/../secret", outside.path] {
                let error = await #expect(throws: ObjectStoreError.self) {
                    try await store.read(ObjectName(bucket: "bucket", key: key), 0..<10, ifMatch: nil)
                }
                #expect(error?.code == "NoSuchKey")
            }
            for bucket in ["..", ".", "", "bucket/..", "a/b", ".hidden"] {
                let error = await #expect(throws: ObjectStoreError.self) {
                    try await store.head(ObjectName(bucket: bucket, key: "secret"))
                }
                #expect(error?.code == "InvalidBucketName")
            }
            let upload = ObjectUpload(object: ObjectName(bucket: "bucket", key: "a"), id: "../..")
            let error = await #expect(throws: ObjectStoreError.self) {
                try await store.abort(upload)
            }
            #expect(error?.code == "NoSuchUpload")
            #expect(FileManager.default.contents(atPath: outside.path) == Data("secret".utf8))
        }
    }

    @Test("removes what a process that died was putting, once that stood still for a day, and no upload")
    func leftovers() async throws {
        try await withDirectory { store, bucket in
            let upload = try await store.beginUpload(of: ObjectName(bucket: "bucket", key: "a"))
            _ = try await store.uploadPart([1], number: 1, of: upload)
            let folder = "\(bucket)/.braid-unfinished"
            let left = "\(folder)/0123.object"
            let others = Set(try FileManager.default.contentsOfDirectory(atPath: folder))
            try Data("x".utf8).write(to: URL(fileURLWithPath: left))
            let now = Int(Date().timeIntervalSince1970)
            store.removeLeftovers(at: now + 80_000)
            #expect(FileManager.default.fileExists(atPath: left))
            store.removeLeftovers(at: now + 90_000)
            #expect(Set(try FileManager.default.contentsOfDirectory(atPath: folder)) == others)
            _ = try await store.uploadPart([2], number: 2, of: upload)
        }
    }

    @Test("refuses an object where others need a folder, and a folder's name as an object")
    func folders() async throws {
        try await withDirectory { store, _ in
            try await store.put([1], as: ObjectName(bucket: "bucket", key: "a"))
            try await store.put([1], as: ObjectName(bucket: "bucket", key: "b/c"))
            for key in ["a/b", "b"] {
                let error = await #expect(throws: ObjectStoreError.self) {
                    try await store.put([1], as: ObjectName(bucket: "bucket", key: key))
                }
                #expect(error?.code == "InvalidArgument")
            }
            #expect(try await store.list(ObjectListRequest(bucket: "bucket")).entries.map(\.key) == ["a", "b/c"])
        }
    }

    @Test("tells by the ETag that a file was changed in place")
    func changedInPlace() async throws {
        try await withDirectory { store, bucket in
            let name = ObjectName(bucket: "bucket", key: "a")
            let etag = try await store.put(Array("0123".utf8), as: name)
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: "\(bucket)/a"))
            try file.seekToEnd()
            try file.write(contentsOf: Data("4".utf8))
            try file.close()
            let error = await #expect(throws: ObjectStoreError.self) {
                try await store.read(name, 0..<4, ifMatch: etag)
            }
            #expect(error?.code == "PreconditionFailed")
        }
    }

    @Test("does not follow links to folders when it lists, which could lead in circles")
    func links() async throws {
        try await withDirectory { store, bucket in
            try await store.put([1], as: ObjectName(bucket: "bucket", key: "d/x"))
            try FileManager.default.createSymbolicLink(atPath: "\(bucket)/d/loop", withDestinationPath: "..")
            #expect(try await store.list(ObjectListRequest(bucket: "bucket")).entries.map(\.key) == ["d/x"])
        }
    }

    @Test("lists folders of more names than it holds at once, part by part", arguments: [1, 40, 1_000])
    func parts(bytes: Int) async throws {
        try await withDirectory { store, bucket in
            let keys = (0..<40).flatMap { ["f\($0)", "f\($0)-x/y", "g/\($0)/z", "g/\($0)é"] } + ["f/1", "f/2/3"]
            for key in keys { try await store.put([1], as: ObjectName(bucket: "bucket", key: key)) }
            let sorted = keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            let parts = DirectoryObjects(root: String(bucket.dropLast("/bucket".count)), mostNameBytes: bytes)
            for prefix in ["", "f", "f/", "g/1", "g/7/", "h"] {
                var request = ObjectListRequest(bucket: "bucket", prefix: prefix, limit: 7)
                var listed: [String] = []
                while true {
                    let page = try await parts.list(request)
                    listed += page.entries.map(\.key)
                    guard page.isTruncated, let last = page.entries.last else { break }
                    request.after = last.key
                }
                #expect(listed == sorted.filter { $0.utf8.starts(with: prefix.utf8) }, "\(prefix)")
            }
        }
    }
}
