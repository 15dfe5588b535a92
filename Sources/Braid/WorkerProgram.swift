import API
import Engine
public import Foundation
import Interpreter
import JSON
import Lifecycle
import Postgres
import Store
import Synchronization
import Tasks
import Telemetry

/// A worker of Braid inside a program of your own: its functions are closures.
///
/// ```swift
/// var program = WorkerProgram(database: "postgres://braid@db.internal/braid")
/// program.handle("resize-image") { (image: Image, _) in try await resized(image) }
/// try await program.run()
/// ```
///
/// A Task whose `Resource` is the function's ARN, or `lambda:invoke` with its name, is performed here while the program
/// runs. Any number of programs and `braid worker` processes share one database, which `braid migrate` has prepared;
/// executions are started through `braid serve` or `braid dev`.
public struct WorkerProgram: Sendable {
    /// Where the database is: a libpq URL or connection string.
    public var database: String
    /// The region in ARNs.
    public var region = "us-east-1"
    /// The account in ARNs, 12 digits.
    public var account = "123456789012"
    /// How many branches it works on at once at most.
    public var capacity = 4_000

    private var functions: [RegisteredFunction] = []

    /// Makes a program on a database; nothing is opened before ``run()``.
    public init(database: String) { self.database = database }

    /// The names of the functions that it performs, in the order in which they were given.
    public var functionNames: [String] { functions.map(\.reference.name) }

    /// Performs a function by a closure, on JSON as it is.
    ///
    /// - Parameters:
    ///   - name: The function's name, or its ARN.
    ///   - concurrency: How many invocations run here at once at most; `nil` is any number.
    ///   - retriesOnWorkerLoss: Whether an attempt is performed again, with the same request id, when this process died
    ///     while it ran. Otherwise that attempt fails with `States.TaskFailed`, and Retry and Catch decide.
    ///   - body: Given the event, one JSON text; returns the result, one JSON text. A thrown ``TaskError`` names the error
    ///     that Retry and Catch match; any other error's type is its name. Its task is cancelled when nobody waits any more.
    public mutating func handleData(
        _ name: String,
        concurrency: Int? = nil,
        retriesOnWorkerLoss: Bool = true,
        _ body: @escaping @Sendable (_ event: Data, _ context: TaskContext) async throws -> Data
    ) {
        functions.append(
            RegisteredFunction(
                name,
                concurrency: concurrency,
                onWorkerLoss: retriesOnWorkerLoss ? .retry : .fail
            ) { event, context in
                do {
                    let result = try await body(Data(event.text.utf8), TaskContext(context))
                    return try JSONText(validating: String(decoding: result, as: UTF8.self))
                } catch let error as TaskError {
                    throw FunctionFailure(error: error.name, cause: error.cause)
                }
            }
        )
    }

    /// Performs a function by a closure, on values: the event is decoded and the result encoded as JSON.
    ///
    /// - Parameters:
    ///   - name: The function's name, or its ARN.
    ///   - concurrency: How many invocations run here at once at most; `nil` is any number.
    ///   - retriesOnWorkerLoss: As for ``handleData(_:concurrency:retriesOnWorkerLoss:_:)``.
    ///   - body: Given the event; returns the result. What does not decode fails as `DecodingError`.
    public mutating func handle<Event: Decodable & Sendable, Result: Encodable & Sendable>(
        _ name: String,
        concurrency: Int? = nil,
        retriesOnWorkerLoss: Bool = true,
        _ body: @escaping @Sendable (_ event: Event, _ context: TaskContext) async throws -> Result
    ) {
        handleData(name, concurrency: concurrency, retriesOnWorkerLoss: retriesOnWorkerLoss) { data, context in
            let event = try JSONDecoder().decode(Event.self, from: data)
            return try JSONEncoder().encode(try await body(event, context))
        }
    }

    /// Works until the task is cancelled, or the process is asked to end by SIGINT or SIGTERM; what has begun is finished.
    ///
    /// - Throws: Why the database cannot be used.
    public func run() async throws {
        let settings = ConnectionSettings(database)
        let pool = Pool(settings.with { $0.session = Store.session }, limit: 8)
        let store = Store(pool: pool)
        let connection = try await Connection.connect(to: settings)
        try await Migrator().check(connection)
        await connection.close()
        let functionSettings = FunctionSettings(region: region, account: account)
        let driver = FunctionDriver(
            invoker: FunctionInvoker(settings: functionSettings, registered: functions),
            settings: functionSettings
        )
        var engineSettings = EngineSettings()
        engineSettings.arns = ARNs(region: region, account: account)
        engineSettings.limits.region = region
        engineSettings.capacity = capacity
        // Tasks that start executions are performed by every worker, so by those that have no other functions too.
        let ownTasks = StepFunctionsTasks()
        let engine = Engine(
            store: store,
            connection: settings,
            settings: engineSettings,
            driver: ownTasks.driver.before(driver.driver),
            clock: DatabaseClock(try await store.surveyLanes().now),
            logger: Logger(label: "engine")
        )
        ownTasks.connect(Service(engine: engine, driver: ownTasks.driver.before(driver.driver)))
        let group = PartGroup([Part("pool", pool), Part("engine", engine, ready: { try await engine.ready() })])
        let signals = Task {
            for await _ in Signals.stop() { group.stop() }
        }
        defer { signals.cancel() }
        try await withTaskCancellationHandler {
            try await group.run()
        } onCancel: {
            group.stop()
        }
    }
}
