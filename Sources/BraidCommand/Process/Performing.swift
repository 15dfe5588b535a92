import Engine
import Lifecycle
import Tasks

/// What performs Tasks in a process: the functions of its file, and the endpoint in `LAMBDA_ENDPOINT` for the others.
struct Performing: Sendable {
    let driver: TaskDriver
    /// What runs beside it.
    let parts: [Part]

    /// Reads the functions file; nothing is started yet.
    ///
    /// - Throws: All that is wrong with the file, each with its place.
    init(_ settings: ProcessSettings, environment: [String: String]) throws(CommandFailure) {
        let functionSettings = FunctionSettings(
            region: settings.region,
            account: settings.account,
            reloadsOnChange: settings.reloadsFunctions
        )
        var supervisor: FunctionSupervisor?
        if let path = settings.functions {
            do {
                supervisor = FunctionSupervisor(file: try FunctionsFile(path: path), settings: functionSettings)
            } catch {
                throw CommandFailure(.usage, "the functions file \(path) cannot be used: \(error)")
            }
        }
        let endpoint = environment["LAMBDA_ENDPOINT"].flatMap { $0.isEmpty ? nil : LambdaEndpoint(url: $0) }
        let invoker = FunctionInvoker(settings: functionSettings, supervisor: supervisor, endpoint: endpoint)
        driver = FunctionDriver(invoker: invoker, settings: functionSettings).driver
        parts = supervisor.map { [Part("functions", $0)] } ?? []
    }
}
