/// A page of the objects in a bucket's folder, in the order of their keys.
///
/// Folders are entered in that order, and only those that may hold something of the page. Of the files only those are looked
/// at that the page shows.
struct DirectoryListing {
    private let request: ObjectListRequest
    private let limit: Int
    private let folders: FolderCache
    private var entries: [ObjectListing.Entry] = []

    init(_ request: ObjectListRequest, in folders: FolderCache) {
        self.request = request
        self.folders = folders
        limit = min(max(request.limit, 1), 1_000)
    }

    var result: ObjectListing {
        ObjectListing(entries: Array(entries.prefix(limit)), isTruncated: entries.count > limit)
    }

    /// Adds the objects in a folder, until there is one more than was asked for.
    ///
    /// What cannot be read, because it is gone by now or by its rights, is passed over.
    mutating func walk(_ folder: String, at prefix: String) {
        guard prefix.utf8.count <= KeyPath.longestKey else { return }
        var next: [UInt8]? = first(in: prefix)
        while let from = next, let names = folders.names(in: folder, from: from) {
            for index in names.index(of: from)..<names.count {
                guard entries.count <= limit else { return }
                let name = names[index]
                let key = prefix + name
                guard !isBehindPrefix(key) else { return }
                if name.utf8.last == UInt8(ascii: "/") {
                    guard mayHold(key) else { continue }
                    walk("\(folder)/\(KeyPath.name(of: String(name.dropLast())))", at: key)
                } else if key.utf8.starts(with: request.prefix.utf8), isAfter(key) {
                    add(key, at: "\(folder)/\(KeyPath.name(of: name))")
                }
            }
            next = names.rest
        }
    }

    private mutating func add(_ key: String, at path: String) {
        guard let status = try? FileSystem.status(of: path), status.isFile else { return }
        entries.append(
            ObjectListing.Entry(key: key, size: status.size, etag: status.etag, lastModified: status.modifiedAt)
        )
    }

    /// The name in a folder that no name in front of may belong to the page.
    private func first(in folder: String) -> [UInt8] {
        let wanted = [request.prefix, request.after ?? ""].map { key -> [UInt8] in
            guard key.utf8.starts(with: folder.utf8) else { return [] }
            let rest = key.utf8.dropFirst(folder.utf8.count)
            return rest.firstIndex(of: UInt8(ascii: "/")).map { Array(rest[...$0]) } ?? Array(rest)
        }
        return wanted[0].lexicographicallyPrecedes(wanted[1]) ? wanted[1] : wanted[0]
    }

    /// Whether neither a key nor any behind it begins with what is asked for.
    private func isBehindPrefix(_ key: String) -> Bool {
        !key.utf8.starts(with: request.prefix.utf8) && request.prefix.utf8.lexicographicallyPrecedes(key.utf8)
    }

    /// Whether keys that begin so may belong to the page.
    private func mayHold(_ folder: String) -> Bool {
        let isWanted =
            folder.utf8.starts(with: request.prefix.utf8) || request.prefix.utf8.starts(with: folder.utf8)
        guard let after = request.after else { return isWanted }
        return isWanted && (isAfter(folder) || after.utf8.starts(with: folder.utf8))
    }

    private func isAfter(_ key: String) -> Bool {
        guard let after = request.after else { return true }
        return after.utf8.lexicographicallyPrecedes(key.utf8)
    }
}
