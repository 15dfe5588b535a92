import FoundationEssentials
import Glibc

extension ClusterHome {
    /// Removes the socket folders of servers that have died with nobody to clean up behind them.
    ///
    /// Only such that are ours by name and owner, hold nothing but a socket, and whose process is gone.
    func removeStaleSocketFolders(for account: ServerAccount) {
        for parent in Set(socketFolders.map { $0.split(separator: "/").dropLast().joined(separator: "/") }) {
            for name in (try? FileManager.default.contentsOfDirectory(atPath: "/\(parent)")) ?? [] {
                let path = "/\(parent)/\(name)"
                guard Self.isSocketFolder(name), !socketFolders.contains(path), Self.isStale(path, account) else {
                    continue
                }
                for file in [Self.socket, Self.socketLock] { unsafe unlink("\(path)/\(file)") }
                unsafe rmdir(path)
            }
        }
    }

    private static let socket = ".s.PGSQL.5432"
    private static let socketLock = ".s.PGSQL.5432.lock"

    /// `braid-` and twelve hexadecimal digits, as ``socketFolders`` are called.
    private static func isSocketFolder(_ name: String) -> Bool {
        let digits = name.dropFirst("braid-".count)
        return name.hasPrefix("braid-") && digits.utf8.count == 12 && digits.allSatisfy(\.isHexDigit)
    }

    private static func isStale(_ path: String, _ account: ServerAccount) -> Bool {
        var status = stat()
        guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR,
            status.st_uid == account.ownerID || status.st_uid == geteuid(),
            let names = try? FileManager.default.contentsOfDirectory(atPath: path),
            Set(names).isSubset(of: [socket, socketLock])
        else { return false }
        // One that was made just now is that of a server which is starting.
        guard time(nil) - status.st_mtim.tv_sec > 60 else { return false }
        guard let text = try? String(contentsOfFile: "\(path)/\(socketLock)", encoding: .utf8),
            let process = Int32(text.prefix { $0.isNumber })
        else { return names.isEmpty }
        return kill(process, 0) != 0 && errno == ESRCH
    }
}
