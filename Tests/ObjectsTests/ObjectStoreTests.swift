import Objects
import Testing

/// The suite that every store passes.
@Suite("An object store")
struct ObjectStoreTests {
    func name(_ key: String, in bucket: String = "bucket") -> ObjectName { ObjectName(bucket: bucket, key: key) }

    @Test("gives back what was put, whole and in ranges", arguments: StoreKind.allCases)
    func ranges(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
            let etag = try await store.put(bytes, as: name("a/b.csv"))
            #expect(try await store.head(name("a/b.csv")) == ObjectInfo(size: 10_000, etag: etag))
            #expect(etag.hasPrefix("\"") && etag.hasSuffix("\""))
            for range in [0..<10_000, 0..<1, 9_999..<10_000, 5_000..<20_000, 4_096..<4_097] {
                let expected = Array(bytes[range.clamped(to: 0..<10_000)])
                #expect(try await store.read(name("a/b.csv"), range, ifMatch: etag) == expected)
            }
            #expect(try await store.read(name("a/b.csv"), 10_000..<10_001, ifMatch: nil).isEmpty)
        }
    }

    @Test("has empty objects", arguments: StoreKind.allCases)
    func empty(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let etag = try await store.put([], as: name("empty"))
            #expect(try await store.head(name("empty")) == ObjectInfo(size: 0, etag: etag))
            #expect(try await store.read(name("empty"), 0..<10, ifMatch: etag).isEmpty)
            var reader = try await ObjectReader(name("empty"), in: store)
            #expect(try await reader.next() == nil)
        }
    }

    @Test("keeps what is said of an object, and says it as S3 does", arguments: StoreKind.allCases)
    func described(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let said = ObjectHeaders(
                fields: ["ContentType": "text/csv", "CacheControl": "no-store"],
                metadata: ["owner": "finance"]
            )
            let receipt = try await store.put(Array("123456789".utf8), as: name("a/b"), with: said)
            #expect(receipt.etag == "\"25f9e794323b453885f5181f1b624d0b\"", "the MD5")
            #expect(receipt.checksum == "y/Q5Jg==", "the check value of CRC-32")
            #expect(receipt.encryption == "AES256")
            let description = try await store.describe(name("a/b"))
            #expect(description.etag == receipt.etag)
            #expect(description.info == (try await store.head(name("a/b"))))
            #expect(description.headers.metadata == ["owner": "finance"])
            #expect(description.headers.fields["ContentType"] == "text/csv")
            #expect(description.headers.fields["CacheControl"] == "no-store")
            #expect(description.lastModified >= 1_255_369_830)
            #expect(try await store.put([], as: name("empty"), with: ObjectHeaders()).checksum == "AAAAAA==")
            for wrong in [
                ObjectHeaders(fields: ["ContentType": "a\r\nx-amz-acl: public"]), ObjectHeaders(metadata: ["a: b": ""]),
                ObjectHeaders(metadata: ["a": "b\nc"]),
            ] {
                let error = await #expect(throws: ObjectStoreError.self) {
                    try await store.put([], as: name("wrong"), with: wrong)
                }
                #expect(error?.code == "InvalidArgument")
            }
        }
    }

    @Test("removes objects, also those that are not there", arguments: StoreKind.allCases)
    func deletion(kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.put([1], as: name("a/b/c"))
            try await store.put([1], as: name("a/d"))
            try await store.delete(name("a/b/c"))
            try await store.delete(name("a/b/c"))
            try await store.delete(name("a"))
            let listing = try await store.list(ObjectListRequest(bucket: "bucket"))
            #expect(listing.entries.map(\.key) == ["a/d"])
            // Where only a folder was, an object may be.
            try await store.put([1], as: name("a/b"))
            let error = await #expect(throws: ObjectStoreError.self) {
                try await store.delete(name("a", in: "other"))
            }
            #expect(error?.code == "NoSuchBucket")
        }
    }

    static let strangeKeys = [
        "a/../b", "x/../../escape", "../up", ".", "//", "a//b", "c/", "/a", "y/./a", ".braid-unfinished/x",
        ".braid%41", "a b+c%20", "ü/\u{1F600}\u{301}", "a\nb\u{1}", "\"'<>&?#*:|\\", "%2e%2e/x", "~", "a=b&c=d;e",
    ]

    @Test("takes any key, tells them apart, and lists them in the order of their bytes", arguments: StoreKind.allCases)
    func keys(kind: StoreKind) async throws {
        try await kind.withStore { store in
            for (index, key) in Self.strangeKeys.enumerated() { try await store.put([UInt8(index)], as: name(key)) }
            for (index, key) in Self.strangeKeys.enumerated() {
                #expect(try await store.read(name(key), 0..<10, ifMatch: nil) == [UInt8(index)], "\(key)")
            }
            let listing = try await store.list(ObjectListRequest(bucket: "bucket"))
            let sorted = Self.strangeKeys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            #expect(listing.entries.map(\.key) == sorted)
            #expect(!listing.isTruncated)
        }
    }

    @Test("says with S3's codes what is not there", arguments: StoreKind.allCases)
    func missing(kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.put([1], as: name("folder/file"))
            for key in ["none", "folder", "folder/file/x", "folder/other"] {
                let head = await #expect(throws: ObjectStoreError.self) { try await store.head(name(key)) }
                #expect(head?.name == "S3.NoSuchKeyException")
                let read = await #expect(throws: ObjectStoreError.self) {
                    try await store.read(name(key), 0..<1, ifMatch: nil)
                }
                #expect(read?.code == "NoSuchKey")
            }
            for error in await [
                #expect(throws: ObjectStoreError.self) { try await store.head(name("a", in: "other")) },
                #expect(throws: ObjectStoreError.self) { try await store.put([1], as: name("a", in: "other")) },
                #expect(throws: ObjectStoreError.self) { try await store.list(ObjectListRequest(bucket: "other")) },
                #expect(throws: ObjectStoreError.self) { try await store.beginUpload(of: name("a", in: "other")) },
            ] {
                #expect(error?.name == "S3.NoSuchBucketException")
            }
            let long = await #expect(throws: ObjectStoreError.self) {
                try await store.put([1], as: name(String(repeating: "k", count: 1025)))
            }
            #expect(long?.name == "S3.S3Exception")
            #expect(long?.code == "KeyTooLongError")
        }
    }

    @Test("refuses to read on in an object that was replaced", arguments: StoreKind.allCases)
    func replaced(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let first = try await store.put(Array("0123456789".utf8), as: name("a"))
            var reader = try await ObjectReader(name("a"), in: store, rangeBytes: 4)
            #expect(try await reader.next() == Array("0123".utf8))
            let second = try await store.put(Array("9876543210".utf8), as: name("a"))
            #expect(first != second)
            let error = await #expect(throws: ObjectStoreError.self) { try await reader.next() }
            #expect(error?.code == "PreconditionFailed")
            let begun = await #expect(throws: ObjectStoreError.self) {
                try await ObjectReader(name("a"), in: store, from: 4, ifMatch: first)
            }
            #expect(begun?.code == "PreconditionFailed")
            var rest = try await ObjectReader(name("a"), in: store, from: 7, ifMatch: second)
            #expect(try await rest.next() == Array("210".utf8))
            #expect(try await rest.next() == nil)
        }
    }

    @Test("lists page by page, behind any key, what begins with a prefix", arguments: StoreKind.allCases)
    func pages(kind: StoreKind) async throws {
        try await kind.withStore { store in
            // "a-b" and "a.b" stand around "a/b", so folders are no simple order.
            let keys = (0..<5).flatMap { ["a-b/\($0)", "a/b/\($0)", "a.b\($0)", "b/\($0)", "a/b\($0)"] }
            for key in keys { try await store.put([1, 2, 3], as: name(key)) }
            let sorted = keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            for prefix in ["", "a", "a/", "a/b", "a/b/", "a-", "b/3", "c"] {
                let expected = sorted.filter { $0.hasPrefix(prefix) }
                for limit in [1, 2, 7, 1000] {
                    var request = ObjectListRequest(bucket: "bucket", prefix: prefix, limit: limit)
                    var listed: [String] = []
                    while true {
                        let page = try await store.list(request)
                        #expect(page.entries.count <= limit)
                        #expect(page.entries.allSatisfy { $0.size == 3 && $0.lastModified > 1_000_000_000 })
                        listed += page.entries.map(\.key)
                        guard page.isTruncated, let last = page.entries.last else { break }
                        request.after = last.key
                    }
                    #expect(listed == expected)
                }
            }
            let first = try #require(try await store.list(ObjectListRequest(bucket: "bucket", limit: 1)).entries.first)
            #expect(try await store.head(name(first.key)).etag == first.etag)
        }
    }

    @Test("makes an object of parts, which may come twice and in any order", arguments: StoreKind.allCases)
    func upload(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let upload = try await store.beginUpload(of: name("x/parts"))
            let second = try await store.uploadPart(Array("second".utf8), number: 2, of: upload)
            _ = try await store.uploadPart(Array("wrong".utf8), number: 1, of: upload)
            let first = try await store.uploadPart(Array("first-".utf8), number: 1, of: upload)
            #expect(try await store.uploadPart(Array("second".utf8), number: 2, of: upload) == second)
            await #expect(throws: ObjectStoreError.self) { try await store.head(name("x/parts")) }
            #expect(try await store.list(ObjectListRequest(bucket: "bucket")).entries.isEmpty)

            let etag = try await store.complete(upload, [first, second])
            #expect(try await store.read(name("x/parts"), 0..<100, ifMatch: etag) == Array("first-second".utf8))
            // Whoever does not know whether it was done may do it again.
            #expect(try await store.complete(upload, [first, second]) == etag)
            let late = await #expect(throws: ObjectStoreError.self) {
                try await store.uploadPart([1], number: 3, of: upload)
            }
            #expect(late?.name == "S3.NoSuchUploadException")
            #expect(try await store.list(ObjectListRequest(bucket: "bucket")).entries.count == 1)
        }
    }

    @Test(
        "makes an object of parts in whatever order they came, the last of each number",
        arguments: StoreKind.allCases,
        [[1, 2, 3], [1, 2, 2, 3], [1, 2, 3, 1], [3, 1, 2], [1, 3, 2]]
    )
    func orders(kind: StoreKind, numbers: [Int]) async throws {
        try await kind.withStore { store in
            let upload = try await store.beginUpload(of: name("x"))
            var parts: [Int: UploadedPart] = [:]
            var texts: [Int: String] = [:]
            for (turn, number) in numbers.enumerated() {
                let text = "\(turn):\(number);"
                texts[number] = text
                parts[number] = try await store.uploadPart(Array(text.utf8), number: number, of: upload)
            }
            let etag = try await store.complete(upload, [1, 2, 3].compactMap { parts[$0] })
            let expected = [1, 2, 3].compactMap { texts[$0] }.joined()
            #expect(try await store.read(name("x"), 0..<100, ifMatch: etag) == Array(expected.utf8))
        }
    }

    @Test("makes nothing of an upload that lacks a part or was given up", arguments: StoreKind.allCases)
    func abortedUpload(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let upload = try await store.beginUpload(of: name("x"))
            let part = try await store.uploadPart([1], number: 1, of: upload)
            let lacking = await #expect(throws: ObjectStoreError.self) {
                try await store.complete(upload, [part, UploadedPart(number: 2, etag: part.etag, size: 1)])
            }
            #expect(lacking?.code == "InvalidPart")
            try await store.abort(upload)
            try await store.abort(upload)
            let gone = await #expect(throws: ObjectStoreError.self) { try await store.complete(upload, [part]) }
            #expect(gone?.code == "NoSuchUpload")
            await #expect(throws: ObjectStoreError.self) { try await store.head(name("x")) }
        }
    }
}
