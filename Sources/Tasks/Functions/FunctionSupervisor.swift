import FoundationEssentials
package import HTTPClient
import HTTPServer
import Lifecycle
package import Telemetry

/// Runs the functions of a functions file: supervises their processes and posts to their addresses.
///
/// Processes start with the first invocation and are kept for the next. ``stop()`` ends those that are idle and starts no
/// more; the others end after their invocation, or at once when ``run()`` is cancelled. However this process ends, they do.
package final class FunctionSupervisor: Runnable {
    private let settings: FunctionSettings
    private let log: Logger
    private let pools: [FunctionReference: FunctionPool]
    private let addresses: [FunctionReference: HTTPFunction]
    private let byName: [String: FunctionDefinition]
    private let byARN: [String: FunctionDefinition]
    private let (launches, launch) = AsyncStream.makeStream(of: FunctionProcess.self)
    private let stopAsked = Gate()

    /// A supervisor that starts nothing until it is run.
    package init(
        file: FunctionsFile,
        settings: FunctionSettings = FunctionSettings(),
        client: HTTPClient = HTTPClient(),
        log: Logger = Logger(label: "functions")
    ) {
        self.settings = settings
        self.log = log
        let launch = launch
        let thread = ServerThread()
        var pools: [FunctionReference: FunctionPool] = [:]
        var addresses: [FunctionReference: HTTPFunction] = [:]
        for function in file.functions {
            if case .url(let url) = function.implementation {
                addresses[function.reference] = HTTPFunction(function: function, url: url, client: client)
            } else {
                pools[function.reference] = FunctionPool(
                    function: function,
                    settings: settings,
                    thread: thread,
                    log: log
                ) { process in
                    if case .enqueued = launch.yield(process) { true } else { false }
                }
            }
        }
        self.pools = pools
        self.addresses = addresses
        byARN = Dictionary(file.functions.filter(\.reference.isARN).map { ($0.reference.text, $0) }) { first, _ in first
        }
        byName = Dictionary(file.functions.map { ($0.reference.name, $0) }) { first, second in
            first.reference.isARN && !second.reference.isARN ? second : first
        }
    }

    package func run() async throws {
        guard !stopAsked.isOpen else { return launch.finish() }
        let bootstraps = try Bootstraps()
        defer { bootstraps.remove() }
        let processGuard = ProcessGuard(removing: bootstraps.folder)
        defer { processGuard.close() }
        let inherited = ProcessInfo.processInfo.environment
        await withDiscardingTaskGroup { group in
            for await process in launches {
                group.addTask { [log] in
                    await withTaskCancellationHandler {
                        await process.run(bootstraps, processGuard, inherited: inherited, log: log)
                    } onCancel: {
                        process.cancel()
                    }
                }
            }
            for pool in pools.values { await pool.end() }
        }
    }

    package func stop() {
        stopAsked.open()
        launch.finish()
    }

    /// The function of the file that a reference names: the very ARN, else the name.
    package func function(_ reference: FunctionReference) -> FunctionDefinition? {
        if let function = byARN[reference.text] { return function }
        guard let function = byName[reference.name] else { return nil }
        // One that is declared by its ARN is not that of another account or region.
        return function.reference.isARN && reference.isARN && reference.qualifier == nil ? nil : function
    }

    /// The names of all functions, in no order.
    package var names: [String] { Array(byName.keys) }

    /// How many more invocations of a function would begin at once.
    package func freePlaces(for function: FunctionDefinition) -> Int {
        pools[function.reference]?.freePlaces ?? addresses[function.reference]?.freePlaces ?? 0
    }

    /// Invokes a function of the file.
    func invoke(_ function: FunctionDefinition, _ invocation: Invocation) async -> InvocationOutcome {
        if let pool = pools[function.reference] { return await pool.invoke(invocation) }
        return await addresses[function.reference]?.invoke(invocation) ?? .unserved
    }
}
