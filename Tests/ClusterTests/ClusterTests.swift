@testable import Cluster
import FoundationEssentials
import Glibc
import Lifecycle
import Postgres
import Telemetry
import TestSupport
import Testing

@Suite("An embedded cluster")
struct ClusterTests {
    private let log = Logger(label: "test", sink: CapturingLogSink())

    private func settings(_ cluster: Cluster) async throws -> ClusterSettings {
        var settings = ClusterSettings(folder: try #require(await cluster.folder))
        settings.isDurable = false
        return settings
    }

    @Test("has a database, listens on a socket only, and is set as Braid needs it")
    func starts() async throws {
        let cluster = try await TestCluster.start()
        let connection = try await Connection.connect(to: await cluster.connectionSettings)
        let row = try await connection.query(
            """
            SELECT current_setting('listen_addresses'), current_setting('default_toast_compression'),
                current_setting('synchronous_commit'), current_setting('server_encoding'), current_database()::text
            """
        )[0]
        let values = try (0..<5).map { column -> String in try row[column] }
        #expect(values == ["", "lz4", "on", "UTF8", "braid"])
        try await cluster.shutDown(.fast)
    }

    @Test("keeps what is in it over a stop and a start")
    func restarts() async throws {
        let cluster = try await TestCluster.start()
        let settings = await cluster.connectionSettings
        let connection = try await Connection.connect(to: settings)
        try await connection.run(script: "CREATE TABLE kept AS SELECT 7::int8 AS number")
        try await cluster.shutDown(.immediate)
        let error = await #expect(throws: PostgresError.self) { try await connection.query("SELECT 1") }
        #expect(error?.isConnectionLoss == true)
        try await cluster.start()
        let again = try await Connection.connect(to: settings)
        #expect(try await again.query("SELECT number FROM kept")[0][0] == 7)
        try await cluster.shutDown(.fast)
    }

    @Test("keeps a second Braid out of its folder")
    func locked() async throws {
        let cluster = try await TestCluster.start()
        let folder = try #require(await cluster.folder)
        let second = Cluster(try await settings(cluster), log: log)
        await #expect(throws: ClusterError.inUse(folder: folder, process: getpid())) { try await second.start() }
        try await cluster.shutDown(.fast)
        try await second.start()
        try await second.shutDown(.fast)
    }

    @Test("adopts the server that a killed Braid left running")
    func adopts() async throws {
        var first: Cluster? = try await TestCluster.start()
        let process = try #require(await first?.processID)
        let second = Cluster(try await settings(try #require(first)), log: log)
        // Letting go of a cluster without a stop leaves its server running, as SIGKILL does.
        first = nil
        try await second.start()
        #expect(await second.processID == process)
        #expect(try await Connection.connect(to: second.connectionSettings).query("SELECT 1::int8")[0][0] == 1)
        try await second.shutDown(.fast)
    }

    @Test("starts where a dead server left its files")
    func staleFile() async throws {
        let cluster = try await TestCluster.start()
        let folder = try #require(await cluster.folder)
        try await cluster.shutDown(.fast)
        // A process that lives, and is not the server: us.
        let file = "\(getpid())\n\(folder)/data\n0\n5432\n/tmp\n\n\nready\n"
        try file.write(toFile: "\(folder)/data/postmaster.pid", atomically: false, encoding: .utf8)
        try await cluster.start()
        #expect(await cluster.processID != getpid())
        try await cluster.shutDown(.fast)
    }

    @Test("says so when its server dies")
    func dies() async throws {
        let cluster = try await TestCluster.start()
        let process = try #require(await cluster.processID)
        let running = Task { try await cluster.run() }
        kill(process, SIGKILL)
        await #expect(throws: ClusterError.self) { try await running.value }
        try await cluster.start()
        #expect(await cluster.processID != process)
        try await cluster.shutDown(.fast)
    }

    @Test("leaves no folder of its socket behind, and removes those that dead ones left")
    func socketFolders() async throws {
        let parent = "/tmp/braid-test-\(getpid())-sockets"
        let old = [utimbuf(actime: 1, modtime: 1)]
        func folder(_ name: String, lockedBy process: Int32?) throws -> String {
            let path = "\(parent)/braid-\(name)"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            if let process {
                let lock = "\(path)/.s.PGSQL.5432.lock"
                try "\(process)\n".write(toFile: lock, atomically: false, encoding: .utf8)
            }
            _ = unsafe utime(path, old)
            return path
        }
        defer { try? FileManager.default.removeItem(atPath: parent) }
        let dead = try folder("0123456789ab", lockedBy: 0x7FFF_FFF0)
        let empty = try folder("0123456789ac", lockedBy: nil)
        let alive = try folder("0123456789ad", lockedBy: getpid())
        let other = try folder("mine", lockedBy: nil)
        let account = try ServerAccount.current()
        let home = ClusterHome(wanted: "/x", folder: "/x", temporaryFolders: [parent])
        home.removeStaleSocketFolders(for: account)
        let left = [dead, empty, alive, other].filter { FileManager.default.fileExists(atPath: $0) }
        #expect(left == [alive, other])

        let cluster = try await TestCluster.start()
        let socket = try #require(await cluster.socketFolder)
        #expect(FileManager.default.fileExists(atPath: socket))
        try await cluster.shutDown(.fast)
        #expect(!FileManager.default.fileExists(atPath: socket))
    }

    @Test("says what to do about data that is damaged")
    func damaged() async throws {
        let cluster = try await TestCluster.start()
        let settings = try await settings(cluster)
        try await cluster.shutDown(.fast)
        try FileManager.default.removeItem(atPath: settings.folder + "/data/global/pg_control")
        let error = await #expect(throws: ClusterError.self) { try await cluster.start() }
        #expect(error?.description.contains("mv \(settings.folder) \(settings.folder).broken") == true)
    }

    @Test("runs as a part until it is stopped")
    func runs() async throws {
        let cluster = try await TestCluster.start()
        let process = try #require(await cluster.processID)
        let group = PartGroup([Part("postgres", cluster) { try await cluster.ready() }], log: log)
        async let running: Void = group.run()
        try await group.ready()
        group.stop()
        try await running
        #expect(hasEnded(process))
    }

    /// Whether a process is gone, or has ended and is not waited for yet.
    private func hasEnded(_ process: Int32) -> Bool {
        guard let line = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return true }
        // The state follows the program's name, which is in parentheses and may hold anything.
        return line.split(separator: ")").last?.hasPrefix(" Z") == true
    }

    @Test("does not touch a folder that holds something else")
    func foreignFolder() async throws {
        let folder = "/tmp/braid-test-\(getpid())-foreign"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try "mine".write(toFile: folder + "/letter.txt", atomically: false, encoding: .utf8)
        await #expect(throws: ClusterError.notOurs(folder: folder, why: "it holds other files")) {
            try await Cluster(ClusterSettings(folder: folder), log: log).start()
        }
    }

    @Test("names the package that is missing")
    func otherVersion() async throws {
        let cluster = try await TestCluster.start()
        let folder = try #require(await cluster.folder)
        try await cluster.shutDown(.fast)
        try "9\n".write(toFile: folder + "/data/PG_VERSION", atomically: false, encoding: .utf8)
        let error = await #expect(throws: ClusterError.self) { try await cluster.start() }
        #expect(error == .notInstalled(major: 9))
        #expect(error?.description.contains("postgresql-9") == true)
        var settings = ClusterSettings(folder: "/tmp/braid-test-\(getpid())-none")
        settings.programs = "/nowhere"
        defer { try? FileManager.default.removeItem(atPath: settings.folder) }
        await #expect(throws: ClusterError.notInstalled(major: nil)) { try await Cluster(settings, log: log).start() }
    }

    @Test("lies elsewhere where the server cannot reach the folder", .enabled(if: geteuid() == 0))
    func unreachable() async throws {
        let closed = "/tmp/braid-test-\(getpid())-closed"
        try FileManager.default.createDirectory(
            atPath: closed,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        defer { try? FileManager.default.removeItem(atPath: closed) }
        var settings = ClusterSettings(folder: closed + "/postgres")
        settings.isDurable = false
        settings.isThrowAway = true
        let cluster = Cluster(settings, log: log)
        try await cluster.start()
        #expect(await cluster.folder?.hasPrefix("/var/lib/braid/") == true)
        #expect(Cluster.findRunning(in: settings.folder) == (await cluster.connectionSettings))
        try await cluster.shutDown(.fast)
    }
}
