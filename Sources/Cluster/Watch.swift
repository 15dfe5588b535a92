/// Stops and removes a throw-away cluster when this process is gone, however it went.
///
/// A small shell waits for the end of a pipe that only this process holds open. It is there before the server is, so for a
/// while it looks out for one that is only starting.
enum Watch {
    private static let script = """
        read _
        for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
            process=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null)
            if [ -n "$process" ]; then kill -QUIT "$process"; fi
            sleep 0.1
        done
        for _ in 1 2 3 4 5 6 7 8 9 10; do
            rm -rf "$@"
            [ -e "$1" ] || break
            sleep 0.5
        done
        """

    static func begin(_ home: ClusterHome) {
        // The pipe stays open until this process ends.
        _ = Command(["sh", "-c", script, "braid-watch", home.folder] + home.socketFolders).startWatching()
    }
}
