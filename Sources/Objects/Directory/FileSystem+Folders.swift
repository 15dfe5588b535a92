import Glibc

extension FileSystem {
    /// What a name in a folder stands for.
    enum Kind {
        case file
        case folder
        /// Something else, or what has not been told.
        case unknown
    }

    /// What changes whenever something is put into a folder or removed from it, as far as clocks tell.
    struct Stamp: Equatable {
        private let device: UInt64
        private let number: UInt64
        private let modifiedAt: Int
        /// In nanoseconds since 1970.
        let changedAt: Int

        init(_ status: stat) {
            device = UInt64(status.st_dev)
            number = UInt64(status.st_ino)
            modifiedAt = FileSystem.nanoseconds(status.st_mtim)
            changedAt = FileSystem.nanoseconds(status.st_ctim)
        }
    }

    /// In nanoseconds since 1970.
    static var now: Int {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return nanoseconds(time)
    }

    private static func nanoseconds(_ time: timespec) -> Int { time.tv_sec * 1_000_000_000 + time.tv_nsec }

    static func stamp(of folder: String) throws(Failure) -> Stamp {
        var status = stat()
        guard unsafe stat(folder, &status) == 0 else { throw .current }
        return Stamp(status)
    }

    /// What a path stands for: a link for the file that it leads to, one to a folder for neither.
    static func kind(of path: String) -> Kind {
        guard let status = try? status(of: path) else { return .unknown }
        if status.isFile { return .file }
        return status.isFolder && !isLink(path) ? .folder : .unknown
    }

    private static func isLink(_ path: String) -> Bool {
        var status = stat()
        return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    /// The names in a folder, but those that are not UTF-8.
    static func names(in folder: String) throws(Failure) -> [String] {
        var names: [String] = []
        try forEachEntry(in: folder) { name, _ in names.append(name) }
        return names
    }

    /// Calls the body with each name in a folder, but those that are not UTF-8, and what it stands for, as far as the folder
    /// itself tells.
    static func forEachEntry(in folder: String, _ body: (String, Kind) -> Void) throws(Failure) {
        guard let stream = unsafe opendir(folder) else { throw .current }
        defer { unsafe closedir(stream) }
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let name, name != ".", name != ".." else { continue }
            switch unsafe Int(entry.pointee.d_type) {
            case Int(DT_REG): body(name, .file)
            case Int(DT_DIR): body(name, .folder)
            default: body(name, .unknown)
            }
        }
    }
}
