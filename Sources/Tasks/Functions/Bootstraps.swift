import CEmbedded
import FoundationEssentials
import Glibc

/// Braid's own runtime clients, written out of the binary so that interpreters can read them.
struct Bootstraps: Sendable {
    /// The folder that they lie in.
    let folder: String
    /// Keeps the folder locked while this process lives, however it ends.
    private let descriptor: Int32

    private static let prefix = "braid-functions-"

    /// Writes them into a new folder of this process's.
    init() throws {
        Self.removeStale()
        let url = FileManager.default.temporaryDirectory.appending(path: "\(Self.prefix)\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: url,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        descriptor = unsafe open(url.path(percentEncoded: false), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        _ = flock(descriptor, LOCK_EX | LOCK_NB)
        for index in 0..<braid_bootstraps_count {
            guard let file = unsafe braid_bootstraps()?[index], let name = unsafe file.name else { continue }
            let data = unsafe Data(bytes: file.bytes, count: file.count)
            try unsafe data.write(to: url.appending(path: String(cString: name)))
        }
        folder = url.path(percentEncoded: false)
    }

    /// Removes the folder.
    func remove() {
        try? FileManager.default.removeItem(atPath: folder)
        close(descriptor)
    }

    /// Removes the folders that processes which were killed have left: ours, and locked by nobody.
    private static func removeStale() {
        let parent = FileManager.default.temporaryDirectory
        let names = (try? FileManager.default.contentsOfDirectory(atPath: parent.path(percentEncoded: false))) ?? []
        for name in names where name.hasPrefix(prefix) {
            let path = parent.appending(path: name).path(percentEncoded: false)
            var status = stat()
            // One that was made just now may not be locked yet.
            guard unsafe lstat(path, &status) == 0, status.st_uid == geteuid(), time(nil) - status.st_mtim.tv_sec > 60
            else { continue }
            let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { try? FileManager.default.removeItem(atPath: path) }
            close(descriptor)
        }
    }

    /// The program that runs a function, and its arguments.
    func command(for implementation: FunctionDefinition.Implementation) -> [String] {
        switch implementation {
        case .python(_, let interpreter): interpreter + ["\(folder)/bootstrap.py"]
        case .node(_, let interpreter): interpreter + ["\(folder)/bootstrap.mjs"]
        case .command(let command, _): command
        case .url: []
        }
    }
}
