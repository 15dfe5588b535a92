import Glibc

extension Cluster {
    /// Has the server stopped and its folders removed when this process is gone, however it went; for clusters of tests.
    ///
    /// A small shell waits for the end of a pipe that only this process holds open.
    ///
    /// - Precondition: It has been started.
    package func removeAfterThisProcess() {
        guard let folders = throwAwayFolders else { preconditionFailure("the cluster is not started") }
        let script = """
            read _
            kill -QUIT "$(head -n 1 "$1/data/postmaster.pid")"
            for _ in 1 2 3 4 5 6 7 8 9 10; do [ -e "$1/data/postmaster.pid" ] && sleep 0.1; done
            rm -rf "$1" "$2"
            """
        let command = Command(["sh", "-c", script, "braid-watch", folders.home, folders.socket])
        // Held open until this process ends.
        _ = command.startWatching()
    }
}
