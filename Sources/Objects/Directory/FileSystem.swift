import CSystem
import Crypto
import Glibc

/// The calls of the file system, each of which may block.
enum FileSystem {
    /// Why a call failed.
    struct Failure: Error {
        let number: Int32

        static var current: Failure { Failure(number: errno) }

        /// Whether nothing is there.
        var isAbsence: Bool { number == ENOENT || number == ENOTDIR || number == ELOOP }

        /// What S3 would say of it, the rest being trouble of the store's own.
        func error(_ what: String) -> ObjectStoreError {
            let reason = unsafe String(cString: strerror(number))
            return switch number {
            case ENOENT, ENOTDIR: .noSuchKey
            case EACCES, EPERM, EROFS: .refused("AccessDenied", 403, "Access Denied: \(what): \(reason)")
            case ENAMETOOLONG: .refused("KeyTooLongError", 400, "Your key is too long")
            default: .refused("InternalError", 500, "\(what): \(reason)")
            }
        }
    }

    /// What is known of a file or folder.
    struct Status {
        let isFolder: Bool
        let isFile: Bool
        let size: Int
        /// In seconds since 1970.
        let modifiedAt: Int
        /// What changes whenever the content does: it is no hash, since files of any size are listed by the thousand.
        let etag: String

        init(_ status: stat) {
            isFolder = status.st_mode & S_IFMT == S_IFDIR
            isFile = status.st_mode & S_IFMT == S_IFREG
            size = Int(status.st_size)
            modifiedAt = status.st_mtim.tv_sec
            let parts = [
                UInt64(status.st_ino), UInt64(bitPattern: Int64(status.st_mtim.tv_sec)),
                UInt64(bitPattern: Int64(status.st_mtim.tv_nsec)), UInt64(status.st_size),
            ]
            let bytes = parts.flatMap { part in (0..<8).map { UInt8(truncatingIfNeeded: part >> (8 * UInt64($0))) } }
            etag = "\"\(hash(bytes, with: .sha256).prefix(16).hexadecimal)\""
        }
    }

    static func status(of path: String) throws(Failure) -> Status {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw .current }
        return Status(status)
    }

    /// Reads a range of a file, cut where it ends, and says what it was before and after.
    static func read(_ path: String, _ range: Range<Int>) throws(Failure) -> (bytes: [UInt8], Status, Status) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .current }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .current }
        let before = Status(status)
        let count = max(0, min(range.upperBound, before.size) - range.lowerBound)
        var failure: Failure?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let target = unsafe buffer.baseAddress?.advanced(by: filled)
                let got = unsafe pread(descriptor, target, count - filled, range.lowerBound + filled)
                if got < 0 { failure = .current }
                guard got > 0 else { break }
                filled += got
            }
        }
        if let failure { throw failure }
        guard unsafe fstat(descriptor, &status) == 0 else { throw .current }
        return (bytes, before, Status(status))
    }

    /// `SYNC_FILE_RANGE_WRITE`.
    private static let beginWriting: UInt32 = 2

    /// What is written must have reached when writing returns.
    enum Destination {
        case disk
        /// The system's memory: it is being written to the disk, too.
        case memory
    }

    /// Writes a file of pieces, from a byte on if that is given, and returns once it is there.
    static func write(
        _ path: String,
        at offset: Int? = nil,
        to destination: Destination = .disk,
        _ pieces: () throws(Failure) -> [UInt8]?
    ) throws(Failure) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | (offset == nil ? O_TRUNC : 0) | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw .current }
        defer { close(descriptor) }
        var place = offset ?? 0
        while let piece = try pieces() {
            var rest = piece[...]
            while !rest.isEmpty {
                let count = unsafe rest.withUnsafeBytes {
                    unsafe pwrite(descriptor, $0.baseAddress, $0.count, place)
                }
                guard count >= 0 else { throw .current }
                rest = rest.dropFirst(count)
                place += count
            }
        }
        switch destination {
        case .disk: guard fsync(descriptor) == 0 else { throw .current }
        // So that there is little left to do for who waits for it later.
        case .memory: _ = sync_file_range(descriptor, 0, 0, beginWriting)
        }
    }

    /// Returns once a file is on the disk.
    static func sync(_ path: String) throws(Failure) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .current }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .current }
    }

    /// Makes an empty file; returns whether none was there.
    static func create(_ path: String) throws(Failure) -> Bool {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        if descriptor < 0, errno == EEXIST { return false }
        guard descriptor >= 0 else { throw .current }
        close(descriptor)
        return true
    }

    /// Gives a file a second name.
    static func link(_ path: String, as second: String) throws(Failure) {
        guard unsafe Glibc.link(path, second) == 0 else { throw .current }
    }

    /// Gives a file another name.
    static func rename(_ path: String, to target: String) throws(Failure) {
        guard unsafe Glibc.rename(path, target) == 0 else { throw .current }
    }

    /// Gives a file another name, and returns once that is on the disk.
    static func move(_ path: String, to target: String) throws(Failure) {
        try rename(path, to: target)
        let folder = String(target[..<(target.lastIndex(of: "/") ?? target.startIndex)])
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .current }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .current }
    }

    /// Makes a folder and those around it, as far as they are missing below an existing one.
    static func makeFolder(_ path: String, below root: String) throws(Failure) {
        var made = root
        for name in path.dropFirst(root.count).split(separator: "/") {
            made += "/\(name)"
            guard unsafe mkdir(made, 0o777) == 0 || errno == EEXIST else { throw .current }
        }
    }

    /// Removes a file, and the folders around it that held nothing else, up to an outer one; returns once that is on the disk.
    static func remove(_ path: String, withFoldersBelow root: String) throws(Failure) {
        guard unsafe unlink(path) == 0 else { throw .current }
        var folder = path
        repeat {
            folder = String(folder[..<(folder.lastIndex(of: "/") ?? folder.startIndex)])
        } while folder.utf8.count > root.utf8.count && removeEmptyFolder(folder)
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .current }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .current }
    }

    /// Removes a folder of files, as far as it is there.
    static func removeFolder(_ path: String) {
        for name in (try? names(in: path)) ?? [] { _ = unsafe unlink("\(path)/\(name)") }
        _ = unsafe rmdir(path)
    }

    private static func removeEmptyFolder(_ path: String) -> Bool { unsafe rmdir(path) == 0 }

    static func removeFile(_ path: String) { _ = unsafe unlink(path) }
}
