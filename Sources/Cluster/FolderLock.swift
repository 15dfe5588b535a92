import Glibc

/// Keeps a second Braid out of a data folder, for as long as this object lives or until the process ends.
final class FolderLock: Sendable {
    private let descriptor: Int32

    init(folder: String) throws(ClusterError) {
        descriptor = unsafe open("\(folder)/braid.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .folder(folder, reason: .current()) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw .inUse(folder: folder)
        }
    }

    deinit { close(descriptor) }
}
