import FoundationEssentials
import Glibc
package import Postgres
import Lifecycle
package import Telemetry

/// An embedded PostgreSQL cluster: made, started, watched and stopped.
///
/// The server belongs to no terminal and outlives a Braid that is killed: the next one in the same folder adopts it.
/// As a part, ``run()`` starts it, throws when it ends unasked, and stops it after ``stop()``.
package actor Cluster: Runnable {
    /// How a server is stopped.
    package enum StopMode: String, Sendable {
        /// Ends the sessions and writes everything down.
        case fast
        /// As in a crash: the next start recovers.
        case immediate
    }

    private let settings: ClusterSettings
    private let log: Logger
    private let started = Gate()
    private let stopAsked = Gate()
    private var current: Running?
    private var isWatched = false

    /// What there is while the server runs.
    private struct Running {
        let home: ClusterHome
        let account: ServerAccount
        let installation: Installation
        let lock: FolderLock
        let postmaster: Postmaster
    }

    package init(_ settings: ClusterSettings, log: Logger = Logger(label: "cluster")) {
        self.settings = settings
        self.log = log
    }

    /// How to connect to its database `braid`, as its owner.
    ///
    /// - Precondition: It has been started.
    package var connectionSettings: ConnectionSettings {
        guard let current else { preconditionFailure("the cluster is not started") }
        return Self.connectionSettings(socketFolder: current.postmaster.socketFolder)
    }

    /// The folder that holds it; another than was asked for where the server could not reach that one.
    package var folder: String? { current?.home.folder }

    /// The folder of its socket.
    var socketFolder: String? { current?.postmaster.socketFolder }

    /// The server's process.
    package var processID: Int32? { current?.postmaster.process }

    /// Returns once it has been started.
    package func ready() async throws { try await started.wait() }

    package func run() async throws {
        guard !stopAsked.isOpen else { return }
        try await start()
        while !stopAsked.isOpen && !Task.isCancelled {
            guard let current, current.postmaster.isRunning(in: current.home.data) else { throw died() }
            try? await Task.sleep(for: .milliseconds(200))
        }
        try await shutDown(.fast)
    }

    package nonisolated func stop() { stopAsked.open() }

    /// Makes the cluster where there is none, and starts it or adopts the one that runs in its folder.
    package func start() async throws(ClusterError) {
        guard current == nil else { return }
        let account = try ServerAccount.current()
        let home = try await ClusterHome.prepare(settings.folder, for: account)
        if home.isMoved {
            log.info("the data folder is out of the server's reach, using another", [("folder", home.folder)])
        }
        let lock = try FolderLock(folder: home.folder)
        if settings.isThrowAway && !isWatched { Watch.begin(home) }
        isWatched = true
        let major = try home.major()
        let installation = try await Installation.find(major: major, in: settings.programs)
        if major == nil { try await initialize(home, account, installation) }
        let postmaster: Postmaster
        if let running = try await findRunning(in: home) {
            log.info("adopted the server that runs already", [("process", Int(running.process))])
            postmaster = running
        } else {
            postmaster = try await startServer(home, account, installation)
        }
        try await Self.makeDatabase(socketFolder: postmaster.socketFolder)
        current = Running(
            home: home,
            account: account,
            installation: installation,
            lock: lock,
            postmaster: postmaster
        )
        started.open()
    }

    /// Stops the server, and lets others have its folder.
    package func shutDown(_ mode: StopMode) async throws(ClusterError) {
        guard let running = current else { return }
        current = nil
        let words = [running.installation.program("pg_ctl"), "stop", "-D", running.home.data, "-m", mode.rawValue]
        let outcome = await running.account.command(words + ["-w", "-t", "60", "-s"]).run()
        guard outcome.isSuccess || Postmaster.find(in: running.home.data) == nil else {
            throw .stop(Self.oneLine(outcome.output))
        }
        // pg_ctl waits for the file, which the server removes while it still has a little to do.
        let deadline = ContinuousClock.now + .seconds(10)
        while running.postmaster.isRunning(in: running.home.data) {
            guard ContinuousClock.now < deadline else { throw .stop("its process does not end") }
            try? await Task.sleep(for: .milliseconds(5))
        }
        // Empty by now; whatever else may lie there is left alone.
        unsafe rmdir(running.postmaster.socketFolder)
        withExtendedLifetime(running.lock) {}
    }

    private func died() -> ClusterError {
        guard let running = current else { return .died("it was stopped") }
        current = nil
        return .died(Self.complaints(in: running.home))
    }

    // MARK: Steps of a start

    /// Runs `initdb` in a folder beside the data's, so that what stands under the data's name is whole.
    private func initialize(
        _ home: ClusterHome,
        _ account: ServerAccount,
        _ installation: Installation
    ) async throws(ClusterError) {
        log.info("making a PostgreSQL cluster", [("folder", home.folder), ("version", installation.major)])
        try? FileManager.default.removeItem(atPath: home.unfinishedData)
        let words = [
            installation.program("initdb"), "-D", home.unfinishedData, "-U", ClusterSettings.name,
            "--auth-local=trust", "--auth-host=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8",
            "--no-instructions",
        ]
        let outcome = await account.command(words + (settings.isDurable ? [] : ["--no-sync"])).run()
        guard outcome.isSuccess else { throw Self.failure(outcome.output, home) { .initialization($0) } }
        let path = "\(home.unfinishedData)/postgresql.conf"
        let main = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        try write(main + "\ninclude_if_exists = 'braid.conf'\n", to: path, of: account)
        try write("", to: "\(home.unfinishedData)/braid.conf", of: account)
        guard unsafe rename(home.unfinishedData, home.data) == 0 else { throw .folder(home.data, reason: .current()) }
    }

    /// The server that runs in the folder already, once it answers; one that is stopping is waited for.
    private func findRunning(in home: ClusterHome) async throws(ClusterError) -> Postmaster? {
        let deadline = ContinuousClock.now + .seconds(120)
        while let found = Postmaster.find(in: home.data) {
            let settings = Self.connectionSettings(socketFolder: found.socketFolder, database: "postgres")
            if found.status == "ready", let connection = try? await Connection.connect(to: settings) {
                await connection.close()
                return found
            }
            guard ContinuousClock.now < deadline else { throw .start("the server that runs already does not answer") }
            try? await Task.sleep(for: .milliseconds(50))
        }
        try await outliveOrphans(in: home)
        return nil
    }

    /// Waits for the processes of a server that has died: they end by themselves, and a new one must not start before.
    private func outliveOrphans(in home: ClusterHome) async throws(ClusterError) {
        let deadline = ContinuousClock.now + .seconds(10)
        while true {
            let processes = Postmaster.processes(in: home.data)
            guard !processes.isEmpty else { break }
            guard ContinuousClock.now < deadline else { throw .orphans(folder: home.data, processes: processes) }
            try? await Task.sleep(for: .milliseconds(50))
        }
        // Nothing works in the folder: a process that has this number by now is another program's.
        unsafe unlink("\(home.data)/postmaster.pid")
    }

    private func startServer(
        _ home: ClusterHome,
        _ account: ServerAccount,
        _ installation: Installation
    ) async throws(ClusterError) -> Postmaster {
        home.removeStaleSocketFolders(for: account)
        let socketFolder = try await home.makeSocketFolder(for: account)
        // The folder is this cluster's alone and no server runs: what lies there is a dead one's, even where its process has
        // not been waited for and so still seems to live.
        for name in [".s.PGSQL.5432", ".s.PGSQL.5432.lock"] { unsafe unlink("\(socketFolder)/\(name)") }
        try write(settings.configurationText(socketFolder: socketFolder), to: home.configuration, of: account)
        unsafe rename(home.log, home.log + ".1")
        let words = [installation.program("pg_ctl"), "start", "-D", home.data, "-l", home.log, "-w", "-t", "300", "-s"]
        let outcome = await account.command(words).run()
        guard outcome.isSuccess, let postmaster = Postmaster.find(in: home.data) else {
            let complaints = Self.complaints(in: home)
            throw Self.failure(complaints.isEmpty ? outcome.output : complaints, home) { .start($0) }
        }
        log.info("started PostgreSQL", [("version", installation.major), ("socket", socketFolder)])
        return postmaster
    }

    private static func makeDatabase(socketFolder: String) async throws(ClusterError) {
        let settings = connectionSettings(socketFolder: socketFolder, database: "postgres")
        do throws(PostgresError) {
            let connection = try await Connection.connect(to: settings)
            let known = try await connection.query(
                "SELECT 1 FROM pg_database WHERE datname = $1",
                [.text(ClusterSettings.name)]
            )
            if known.isEmpty { _ = try await connection.query("CREATE DATABASE \(ClusterSettings.name)") }
            await connection.close()
        } catch {
            throw .start(error.description)
        }
    }

    static func connectionSettings(
        socketFolder: String,
        database: String = ClusterSettings.name
    ) -> ConnectionSettings {
        ConnectionSettings("host=\(socketFolder) port=5432 user=\(ClusterSettings.name) dbname=\(database)")
    }

    private func write(_ text: String, to path: String, of account: ServerAccount) throws(ClusterError) {
        do { try text.write(toFile: path, atomically: false, encoding: .utf8) } catch {
            throw .folder(path, reason: .current())
        }
        if let user = account.user, unsafe chown(path, user.id, user.group) != 0 {
            throw .folder(path, reason: .current())
        }
    }

    private static func failure(
        _ text: String,
        _ home: ClusterHome,
        _ otherwise: (String) -> ClusterError
    ) -> ClusterError {
        if text.contains("No space left on device") { return .diskFull(folder: home.folder) }
        let signs = ["pg_control", "could not find the database system", "valid checkpoint record"]
        if signs.contains(where: text.contains) { return .damaged(folder: home.folder, oneLine(text)) }
        return otherwise(oneLine(text))
    }

    /// The server's last fatal messages.
    private static func complaints(in home: ClusterHome) -> String {
        let text = (try? String(contentsOfFile: home.log, encoding: .utf8)) ?? ""
        let lines = text.split(separator: "\n")
        let grave = lines.filter { $0.contains("FATAL:") || $0.contains("PANIC:") || $0.contains("could not") }
        return oneLine((grave.isEmpty ? lines : grave).suffix(3).joined(separator: "; "))
    }

    private static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).suffix(4).joined(separator: "; ")
    }
}
