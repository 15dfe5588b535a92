import Glibc

/// Who PostgreSQL's programs run as: we ourselves, or, since they refuse to run as root, the user `postgres`.
struct ServerAccount: Sendable {
    /// The user that root hands over to; `nil` when we are not root.
    let user: User?

    struct User: Sendable {
        let name: String
        let id: uid_t
        let group: gid_t
    }

    /// Finds out who we are.
    static func current() throws(ClusterError) -> ServerAccount {
        guard geteuid() == 0 else { return ServerAccount(user: nil) }
        guard let entry = unsafe getpwnam("postgres") else { throw .noServerUser }
        let user = unsafe User(name: "postgres", id: entry.pointee.pw_uid, group: entry.pointee.pw_gid)
        return ServerAccount(user: user)
    }

    /// Who owns what the server writes.
    var ownerID: uid_t { user?.id ?? geteuid() }

    /// The words of a command, run as that user.
    func command(_ words: [String]) -> Command {
        guard let user else { return Command(words) }
        if unsafe access("/usr/bin/setpriv", X_OK) == 0 {
            let identity = ["--reuid=\(user.id)", "--regid=\(user.group)", "--init-groups"]
            return Command(["/usr/bin/setpriv"] + identity + ["--"] + words)
        }
        for runuser in ["/usr/sbin/runuser", "/sbin/runuser"] where unsafe access(runuser, X_OK) == 0 {
            return Command([runuser, "-u", user.name, "--"] + words)
        }
        return Command(["su", user.name, "-s", "/bin/sh", "-c", "exec \"$0\" \"$@\"", "--"] + words)
    }

    /// Whether the server could enter the folder.
    func canEnter(_ folder: String) async -> Bool {
        guard user != nil else { return unsafe access(folder, X_OK) == 0 }
        return await command(["test", "-x", folder + "/."]).run().isSuccess
    }

    /// Makes a folder that only the server, and root, can enter; makes those above it too.
    ///
    /// One that is there already must be a folder of the server's or of ours: in a folder that everybody may write to,
    /// somebody else may have put something under that name.
    func makeFolder(_ path: String) throws(ClusterError) {
        try Self.makeFolders(above: path)
        if unsafe mkdir(path, 0o700) != 0 {
            guard errno == EEXIST else { throw .folder(path, reason: .current()) }
            var status = stat()
            guard unsafe lstat(path, &status) == 0 else { throw .folder(path, reason: .current()) }
            let isOurs = status.st_uid == ownerID || status.st_uid == geteuid()
            guard status.st_mode & S_IFMT == S_IFDIR, isOurs else {
                throw .notOurs(folder: path, why: "it belongs to somebody else")
            }
        }
        if let user, unsafe lchown(path, user.id, user.group) != 0 { throw .folder(path, reason: .current()) }
        if unsafe chmod(path, 0o700) != 0 { throw .folder(path, reason: .current()) }
    }

    /// Makes the folders above a path that are missing.
    static func makeFolders(above path: String) throws(ClusterError) {
        var made = ""
        for part in path.split(separator: "/").dropLast() {
            made += "/" + part
            if unsafe mkdir(made, 0o755) != 0 && errno != EEXIST { throw .folder(made, reason: .current()) }
        }
    }
}
