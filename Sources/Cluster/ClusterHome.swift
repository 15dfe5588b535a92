import Crypto
import FoundationEssentials
import Glibc

/// The folders of a cluster: its home with the data, the lock and the server's log, and the one of its socket.
struct ClusterHome: Sendable, Equatable {
    /// The folder that was asked for.
    let wanted: String
    /// The folder that is used.
    let folder: String
    /// Where socket folders may be made, the best first.
    let temporaryFolders: [String]

    init(wanted: String, folder: String, temporaryFolders: [String]? = nil) {
        self.wanted = wanted
        self.folder = folder
        let own = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) }
        self.temporaryFolders = temporaryFolders ?? [own, "/tmp", "/var/tmp"].compactMap { $0 }
    }

    var data: String { "\(folder)/data" }
    /// Where `initdb` works: what is here was never finished.
    var unfinishedData: String { "\(folder)/data.new" }
    var log: String { "\(folder)/server.log" }
    var configuration: String { "\(data)/braid.conf" }

    /// Whether another folder than the one asked for is used.
    var isMoved: Bool { wanted != folder }

    /// Finds a folder that the server can reach, and makes it.
    ///
    /// As root, the server is another user, who cannot enter everybody's folders: then the cluster lies under
    /// `/var/lib/braid`, under a name derived from the folder that was asked for.
    static func prepare(_ wanted: String, for account: ServerAccount) async throws(ClusterError) -> ClusterHome {
        try ServerAccount.makeFolders(above: absolute(wanted))
        let folders = candidates(for: wanted)
        let path = folders[0]
        var home = ClusterHome(wanted: path, folder: path)
        let moved = ClusterHome(wanted: path, folder: folders[1])
        // Once moved, it stays there: the folder that was asked for may have become reachable since.
        let wasMoved = unsafe account.user != nil && access(moved.data, F_OK) == 0 && access(home.data, F_OK) != 0
        if wasMoved { home = moved } else if await !account.canEnter(parent(of: path)) { home = moved }
        try home.refuseForeign()
        try account.makeFolder(home.folder)
        return home
    }

    /// The folders that a cluster for this one may lie in: itself, and where the server cannot reach it.
    static func candidates(for wanted: String) -> [String] {
        let wanted = absolute(wanted)
        let name = wanted.split(separator: "/").last ?? ""
        let path = Postmaster.resolved(Postmaster.resolved(parent(of: wanted)) + "/" + name)
        return [path, "/var/lib/braid/\(Self.name(of: path))"]
    }

    /// The folder of the socket: short enough for a socket's path, and entered by nobody but the server and us.
    func makeSocketFolder(for account: ServerAccount) async throws(ClusterError) -> String {
        for path in socketFolders {
            // The name of the socket's lock file, `.s.PGSQL.5432.lock`, needs no room: only the socket's path is bounded.
            guard path.utf8.count + "/.s.PGSQL.5432".utf8.count <= 107, await account.canEnter(Self.parent(of: path))
            else { continue }
            do { try account.makeFolder(path) } catch { continue }
            return path
        }
        throw .noSocketFolder(Self.parent(of: socketFolders[0]))
    }

    /// Where the socket may lie, the best first.
    var socketFolders: [String] {
        temporaryFolders.map { "\(Postmaster.resolved($0))/braid-\(Self.name(of: folder))" }
    }

    /// A folder that holds something, but nothing of ours, is somebody else's.
    private func refuseForeign() throws(ClusterError) {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder), !names.isEmpty else { return }
        guard names.contains("braid.lock") || names.contains("data") else {
            throw .notOurs(folder: folder, why: "it holds other files")
        }
    }

    /// The cluster's major version; `nil` when there is no cluster yet.
    func major() throws(ClusterError) -> Int? {
        guard unsafe access(data, F_OK) == 0 else { return nil }
        guard let text = try? String(contentsOfFile: "\(data)/PG_VERSION", encoding: .utf8) else {
            throw .notOurs(folder: folder, why: "its data folder has no PG_VERSION")
        }
        guard let major = Int(text.prefix { $0.isNumber }) else {
            throw .notOurs(folder: folder, why: "its PG_VERSION is broken")
        }
        guard unsafe access(configuration, F_OK) == 0 else {
            throw .notOurs(folder: folder, why: "its data folder has no braid.conf")
        }
        return major
    }

    private static func name(of path: String) -> String {
        String(hash(path.utf8, with: .sha256).hexadecimal.prefix(12))
    }

    private static func parent(of path: String) -> String {
        "/" + path.split(separator: "/").dropLast().joined(separator: "/")
    }

    private static func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/") else { return path }
        guard let current = unsafe getcwd(nil, 0) else { return "/\(path)" }
        defer { unsafe free(current) }
        return unsafe "\(String(cString: current))/\(path)"
    }
}
