import Interpreter
import ItemReading
import JSON
import Objects

/// What a bucket's listing says of its objects, as items.
struct ListingItems: ItemSource {
    private var listing: Listing

    init(_ request: ObjectListRequest, upTo delimiter: String?, in store: any ObjectStore, at cursor: JSONValue?) {
        listing = Listing(request, upTo: delimiter, in: store, at: cursor)
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
    /// What keys must not have behind the prefix; those that do count as folders, which are no objects.
    private let delimiter: [UInt8]
    private let store: any ObjectStore
    private var page: [ObjectListing.Entry] = []
    private var place = 0
    private var isLast = false
    /// The key of the object that was given last.
    private var last: String?
    /// The key of the one in front of it.
    private var before: String?

    init(_ request: ObjectListRequest, upTo delimiter: String?, in store: any ObjectStore, at cursor: JSONValue?) {
        self.request = request
        self.delimiter = Array((delimiter ?? "").utf8)
        self.store = store
        last = cursor?.string
        self.request.after = last ?? request.after
    }

    var bucket: String { request.bucket }
    var cursor: JSONValue { last.map { .string($0) } ?? .null }
    var cursorBefore: JSONValue { before.map { .string($0) } ?? .null }

    mutating func next() async throws(RunFailure) -> ObjectListing.Entry? {
        while place == page.count {
            guard !isLast else { return nil }
            do {
                let listing = try await store.list(request)
                take(listing)
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

    /// Takes what a page has in front of the first folder, and goes on behind that.
    private mutating func take(_ listing: ObjectListing) {
        let folder = listing.entries.firstIndex { self.folder(of: $0.key) != nil }
        page = Array(listing.entries[..<(folder ?? listing.entries.endIndex)])
        isLast = folder == nil && !listing.isTruncated
        if let folder, let name = self.folder(of: listing.entries[folder].key) {
            request.after = name + Self.behindAll
        } else {
            request.after = page.last?.key ?? request.after
        }
    }

    /// No key that begins alike stands behind it.
    private static let behindAll = "\u{10FFFF}"

    /// What a key begins with up to the delimiter; `nil` where it has none behind the prefix.
    private func folder(of key: String) -> String? {
        guard !delimiter.isEmpty else { return nil }
        let rest = key.utf8.dropFirst(request.prefix.utf8.count)
        guard let start = rest.indices.first(where: { rest[$0...].starts(with: delimiter) }) else { return nil }
        return String(decoding: key.utf8[..<rest.index(start, offsetBy: delimiter.count)], as: UTF8.self)
    }
}
