import Glibc

/// Keeps a second Braid out of a data folder, for as long as this object lives or until the process ends.
final class FolderLock: Sendable {
    private let descriptor: Int32

    init(folder: String) throws(ClusterError) {
        descriptor = unsafe open("\(folder)/braid.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .folder(folder, reason: .current()) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let process = Self.process(in: descriptor)
            close(descriptor)
            throw .inUse(folder: folder, process: process)
        }
        // For whoever finds the folder in use.
        let text = Array("\(getpid())\n".utf8)
        _ = ftruncate(descriptor, 0)
        _ = unsafe pwrite(descriptor, text, text.count, 0)
    }

    deinit { close(descriptor) }

    /// The process that the holder wrote down.
    private static func process(in descriptor: Int32) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = unsafe pread(descriptor, &bytes, bytes.count, 0)
        return Int32(String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).prefix { $0.isNumber })
    }
}
