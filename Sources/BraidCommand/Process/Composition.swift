import API
import Console
import Engine
import HTTPServer
import Interpreter
import Lifecycle
import Postgres
import StatesLanguage
import Store
import Synchronization
import Telemetry
import Tracing

/// Puts the parts of a process together, runs them, and ends them in order.
///
/// The order of a start is that of trust: what is said on the command line, the port, the database with its schema, what
/// works on it, and last what answers clients. It ends the other way round.
struct Composition: Sendable {
    /// How long what has begun may take to end.
    private static let grace = Duration.seconds(25)

    /// What is done with the service once it can work; it ends with that.
    typealias Job = @Sendable (RemoteService) async throws -> ExitStatus

    let settings: ProcessSettings
    let output: Output
    private let job: Job?
    /// What performs Tasks instead of functions; for measurements.
    var performer: TaskDriver?
    /// Told when all is ready: the engine, the port that is listened on (0 without), and how to have it end.
    var attend: (@Sendable (Engine, Int, @escaping @Sendable () -> Void) -> Void)?

    init(_ settings: ProcessSettings, output: Output, job: Job? = nil) {
        self.settings = settings
        self.output = output
        self.job = job
    }

    /// What a stop amounts to: the end that a service was to have, or a job left undone.
    private var stopped: ExitStatus { job == nil ? .success : .interrupted }

    /// Runs the process until a signal ends it, or its job is done.
    func run() async throws -> ExitStatus {
        DescriptorLimit.raise()
        let output = output
        let stop = StopRequest { output.note("Stopping: what has begun is finished first; Ctrl-C again ends at once.") }
        let performing = try Performing(settings, environment: ProcessEnvironment.current)
        let isShared = settings.databaseURL != nil && settings.parts == .worker
        try performing.tellMissing(to: output, refusing: isShared)
        _ = try settings.mocks?.read()
        let front = Front()
        let server = try listen(front)
        let database = try await Database.open(
            url: settings.databaseURL,
            dataDirectory: settings.dataDirectory,
            migrates: settings.parts.isSuperset(of: [.service, .worker]),
            rowBytes: settings.rowBytes
        )
        let result: Result<ExitStatus, any Error>
        do {
            result = .success(stop.isAsked ? stopped : try await run(on: database, performing, server, front, stop))
        } catch {
            let isSaid = error is CommandFailure || error is ServiceRefusal || error is UsageError
            result = .failure(isSaid ? error : CommandFailure(.unavailable, "\(error)"))
        }
        await database.close()
        await stop.end()
        if job == nil, case .success = result { output.note("Braid has stopped.") }
        return try result.get()
    }

    /// A definition may have 1 MB, and a payload what is set; in JSON each takes more room than it has.
    private var httpLimits: HTTPServer.Limits {
        var limits = HTTPServer.Limits()
        limits.bodyBytes = (2 << 20) + 4 * settings.limits.maxPayloadBytes
        limits.allBodyBytes = max(limits.allBodyBytes, 4 * limits.bodyBytes)
        return limits
    }

    private func listen(_ front: Front) throws(CommandFailure) -> HTTPServer? {
        guard let address = settings.listen else { return nil }
        let server = try listen(address, front.respond, tooLarge: front.respondTooLarge, full: front.respondFull)
        if let warning = address.warning { output.note("Warning: \(warning)") }
        return server
    }

    private func listen(
        _ address: ListenAddress,
        _ handler: @escaping HTTPServer.Handler,
        tooLarge: @escaping HTTPServer.Handler = { _ in HTTPResponse(status: 413, text: "The body is too large.\n") },
        full: @escaping HTTPServer.Handler = { _ in HTTPResponse(status: 503, text: "No room is left.\n") }
    ) throws(CommandFailure) -> HTTPServer {
        do {
            return try HTTPServer(
                host: address.host,
                port: address.port,
                limits: httpLimits,
                tooLarge: tooLarge,
                full: full,
                handler: handler
            )
        } catch {
            throw CommandFailure(.unavailable, "\(error)", hint: "--listen HOST:PORT chooses another.")
        }
    }

    private func run(
        on database: Database,
        _ performing: Performing,
        _ server: HTTPServer?,
        _ front: Front,
        _ stop: StopRequest
    ) async throws -> ExitStatus {
        let pool = Pool(database.settings.with { $0.session.merge(Store.session) { own, _ in own } }, limit: 16)
        let store = Store(pool: pool)
        let ownTasks = StepFunctionsTasks()
        let driver = settings.parts.contains(.worker) ? performer ?? ownTasks.driver.before(performing.driver) : nil
        let metrics = Metrics()
        let spans = settings.traces.map { traces in
            SpanExporter(traces, version: Program.version, metrics: metrics, logger: Logger(label: "traces"))
        }
        let traces = spans.map {
            TraceFeed(store: store, arns: engineSettings.arns, exporter: $0, logger: Logger(label: "traces"))
        }
        let engine = Engine(
            store: store,
            connection: database.settings,
            settings: engineSettings,
            driver: driver,
            clock: DatabaseClock(try await store.describeDatabase().now),
            metrics: metrics,
            traces: traces,
            logger: Logger(label: "engine")
        )
        let service = Service(engine: engine, driver: driver, mocks: settings.mocks?.lookUp)
        ownTasks.connect(service)
        var parts: [Part] = []
        if let cluster = database.cluster { parts.append(Part("postgresql", cluster)) }
        parts.append(Part("pool", pool))
        // They end after the engine, whose last commits they still tell of.
        if let spans, let traces { parts += [Part("spans", spans), Part("traces", traces)] }
        if settings.parts.contains(.worker) { parts += performing.parts }
        parts.append(Part("engine", engine, ready: engine.ready))
        if settings.parts.contains(.scheduler) {
            let scheduler = Scheduler(
                engine: engine,
                connection: database.settings,
                logger: Logger(label: "scheduler")
            )
            parts.append(Part("scheduler", scheduler))
        }
        let feed = LiveFeed(store: store, onlookers: engine.onlookers)
        if let server {
            parts.append(Part("http", server))
            // Ended before the server, whose requests it keeps open.
            parts.append(Part("console", feed))
        }
        let groupOfAll = Mutex<PartGroup?>(nil)
        let probes = Probes(store: store) {
            groupOfAll.withLock { $0 }?.isReady == true ? nil : "starting"
        } metrics: {
            await Exposition(metrics, store: store, feed: settings.listen == nil ? nil : feed).text()
        }
        if let address = settings.metricsListen { parts.append(Part("probes", try listen(address, probes.respond))) }
        let group = PartGroup(parts, grace: Self.grace)
        groupOfAll.withLock { $0 = group }
        front.open(
            api: API.Router(service: service, bodyLimit: httpLimits.bodyBytes, names: settings.consoleHosts),
            console: Console.Router(
                store: store,
                about: about(database),
                feed: feed,
                reader: try await reader(of: database, store),
                probes: probes,
                names: settings.consoleHosts
            )
        )
        stop.onStop { group.stop() }
        let whenReady = Task { () async throws -> ExitStatus in
            try await group.ready()
            attend?(engine, server?.boundPort ?? 0) { group.stop() }
            guard let job else {
                output.note(announcement(server, database))
                return .success
            }
            defer { group.stop() }
            return try await job(RemoteService(transport: try HTTPTransport(endpoint: url(of: server)).send))
        }
        do {
            try await group.run()
        } catch {
            whenReady.cancel()
            _ = await whenReady.result
            throw error
        }
        // A stop that came before all was ready, or before the job was done.
        whenReady.cancel()
        do {
            return try await whenReady.value
        } catch is CancellationError {
            return stopped
        }
    }

    /// Where this machine reaches the server.
    private func url(of server: HTTPServer?) -> String {
        let host = settings.listen?.host ?? "127.0.0.1"
        return "http://\(host.contains(":") ? "[\(host)]" : host):\(server?.boundPort ?? 0)"
    }

    private var engineSettings: EngineSettings {
        var result = EngineSettings()
        result.arns = ARNs(region: settings.region, account: settings.account)
        result.limits = settings.limits
        result.objects = settings.objects?.store
        if let capacity = settings.capacity { result.capacity = capacity }
        if let grace = settings.unservedGrace { result.unservedGrace = .seconds(grace) }
        result.retention = settings.retentionDays.map { .seconds($0 * 86_400) }
        return result
    }

    /// What answers people's SQL: a role that may only read, of the embedded PostgreSQL or of a URL that was given.
    private func reader(of database: Database, _ store: Store) async throws -> Reader? {
        guard settings.listen != nil else { return nil }
        if let url = settings.readerURL { return Reader(ConnectionSettings(url)) }
        guard database.cluster != nil else { return nil }
        try await store.prepareReader()
        return Reader(database.settings.with { $0.conninfo += " user=\(Reader.role)" })
    }

    private func about(_ database: Database) -> About {
        About(
            version: Program.version,
            region: settings.region,
            account: settings.account,
            databaseHint: database.cluster == nil ? database.settings.description : database.settings.url
        )
    }

    /// What a process says once it can work.
    private func announcement(_ server: HTTPServer?, _ database: Database) -> String {
        var lines: [String] = []
        lines.append("Braid is ready" + (server.map { " at " + output.styled(url(of: $0), .bold) } ?? ""))
        if database.cluster != nil { lines.append("  SQL: psql '\(database.settings.url)'") }
        if let objects = settings.objects { lines.append("  objects: \(objects.text)") }
        if let functions = settings.functions { lines.append("  functions: \(functions)") }
        return lines.joined(separator: "\n")
    }
}
