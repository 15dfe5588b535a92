import Interpreter
import ItemReading
import JSON
import Objects

/// What a bucket's listing says of its objects, as items.
struct ListingItems: ItemSource {
    private var listing: Listing

    init(_ request: ObjectListRequest, in store: any ObjectStore, at cursor: JSONValue?) {
        listing = Listing(request, in: store, at: cursor)
    }

    var cursor: JSONValue { listing.cursor }
    var cursorBefore: JSONValue { listing.cursorBefore }
    var total: Int? { nil }

    mutating func next() async throws(RunFailure) -> SourceItem? {
        guard let entry = try await listing.next() else { return nil }
        let item = ObjectMetadata(
            etag: entry.etag,
            key: entry.key,
            lastModified: entry.lastModified,
            size: entry.size,
            storageClass: entry.storageClass
        )
        return SourceItem(value: item.item, source: "S3://\(listing.bucket)")
    }
}

/// A bucket's objects, page by page.
struct Listing {
    private var request: ObjectListRequest
    private let store: any ObjectStore
    private var page: [ObjectListing.Entry] = []
    private var place = 0
    private var isLast = false
    /// The key of the object that was given last.
    private var last: String?
    /// The key of the one in front of it.
    private var before: String?

    init(_ request: ObjectListRequest, in store: any ObjectStore, at cursor: JSONValue?) {
        self.request = request
        self.store = store
        last = cursor?.string
        self.request.after = last
    }

    var bucket: String { request.bucket }
    var cursor: JSONValue { last.map { .string($0) } ?? .null }
    var cursorBefore: JSONValue { before.map { .string($0) } ?? .null }

    mutating func next() async throws(RunFailure) -> ObjectListing.Entry? {
        while place == page.count {
            guard !isLast else { return nil }
            do {
                let listing = try await store.list(request)
                page = listing.entries
                isLast = !listing.isTruncated
                request.after = page.last?.key ?? request.after
            } catch {
                throw RunFailure(itemReader: "s3://\(request.bucket)/\(request.prefix)*: \(error.name): \(error)")
            }
            place = 0
        }
        defer { place += 1 }
        before = last
        last = page[place].key
        return page[place]
    }
}
