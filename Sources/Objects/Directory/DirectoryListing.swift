/// A page of the objects in a bucket's folder, in the order of their keys.
///
/// Folders are entered in that order, and only those that may hold something of the page: a page costs what it shows, and
/// the names in the folders on its way.
struct DirectoryListing {
    private let request: ObjectListRequest
    private let limit: Int
    private var entries: [ObjectListing.Entry] = []

    init(_ request: ObjectListRequest) {
        self.request = request
        limit = min(max(request.limit, 1), 1_000)
    }

    var result: ObjectListing {
        ObjectListing(entries: Array(entries.prefix(limit)), isTruncated: entries.count > limit)
    }

    /// Adds the objects in a folder, until there is one more than was asked for.
    ///
    /// What cannot be read, because it is gone by now or by its rights, is passed over.
    mutating func walk(_ folder: String, at prefix: String) {
        guard prefix.utf8.count <= KeyPath.longestKey, let names = try? FileSystem.names(in: folder) else { return }
        var found: [(key: String, path: String, status: FileSystem.Status)] = []
        for name in names {
            guard let segment = KeyPath.segment(of: name) else { continue }
            let path = "\(folder)/\(name)"
            guard let status = try? FileSystem.status(of: path) else { continue }
            // A link to a folder could lead back to where it stands.
            if status.isFolder, FileSystem.isLink(path) { continue }
            guard status.isFolder || status.isFile else { continue }
            found.append((prefix + segment + (status.isFolder ? "/" : ""), path, status))
        }
        found.sort { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        for (key, path, status) in found {
            guard entries.count <= limit else { return }
            if status.isFolder {
                if mayHold(key) { walk(path, at: key) }
            } else if key.utf8.starts(with: request.prefix.utf8), isAfter(key) {
                entries.append(
                    ObjectListing.Entry(key: key, size: status.size, etag: status.etag, lastModified: status.modifiedAt)
                )
            }
        }
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
