import Interpreter
import ItemReading
import JSON
import Objects

/// The items of objects, one object after the other: one that the state names, those of a manifest, or those of a listing.
struct ObjectItems: ItemSource {
    /// Which objects are read.
    enum Files {
        /// The one that the state names.
        case one(ObjectName, isRead: Bool)
        /// Those of a manifest, which is told by its ETag.
        case named([ObjectName], by: String, next: Int)
        case listed(Listing)

        /// Where the next file is found again.
        var cursor: JSONValue {
            switch self {
            case .one(_, let isRead): .number(JSONNumber(isRead ? 1 : 0))
            case .named(_, let manifest, let next):
                ["Manifest": .string(manifest), "Next": .number(JSONNumber(next))]
            case .listed(let listing): listing.cursor
            }
        }

        /// Whether what is wrong with one is known to be that only if it is said.
        var areMany: Bool { if case .one = self { false } else { true } }
    }

    private var files: Files
    private let format: FileFormat
    private let store: any ObjectStore
    private var file: ObjectFile?
    /// Where the file that is being read is found again.
    private var place: JSONValue

    /// Reads on from a cursor, whose file is the one that `files` stands at.
    ///
    /// - Throws: What keeps the file from being read.
    init(
        _ files: Files,
        _ format: FileFormat,
        in store: any ObjectStore,
        at cursor: JSONValue?
    ) async throws(RunFailure) {
        self.files = files
        self.format = format
        self.store = store
        place = files.cursor
        if let within = cursor?["In"] { try await open(at: within) }
    }

    var cursor: JSONValue {
        guard let file else { return ["At": files.cursor] }
        return ["At": place, "In": file.cursor]
    }

    var cursorBefore: JSONValue {
        guard let before = file?.cursorBefore else { return ["At": place] }
        return ["At": place, "In": before]
    }

    var total: Int? { nil }

    mutating func next() async throws(RunFailure) -> SourceItem? {
        while true {
            if let item = try await file?.next() { return item }
            file = nil
            guard try await open(at: nil) else { return nil }
        }
    }

    @discardableResult
    private mutating func open(at cursor: JSONValue?) async throws(RunFailure) -> Bool {
        place = files.cursor
        guard let name = try await nextName() else { return false }
        file = try await ObjectFile(name, ofMany: files.areMany, format, in: store, at: cursor)
        return true
    }

    private mutating func nextName() async throws(RunFailure) -> ObjectName? {
        switch files {
        case .one(let name, let isRead):
            files = .one(name, isRead: true)
            return isRead ? nil : name
        case .named(let names, let manifest, let next):
            guard next < names.count else { return nil }
            files = .named(names, by: manifest, next: next + 1)
            return names[next]
        case .listed(var listing):
            defer { files = .listed(listing) }
            while let entry = try await listing.next() {
                // A marker of a folder has nothing in it.
                if entry.size == 0, entry.key.hasSuffix("/") { continue }
                return ObjectName(bucket: listing.bucket, key: entry.key)
            }
            return nil
        }
    }
}
