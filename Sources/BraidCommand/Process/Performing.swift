import Engine
import Interpreter
import Lifecycle
import Tasks

/// What performs Tasks in a process: the functions of its file, the endpoint in `LAMBDA_ENDPOINT` for the others,
/// and the object store.
struct Performing: Sendable {
    let driver: TaskDriver
    /// What runs beside it.
    let parts: [Part]

    /// The functions that could not be invoked as things stand, and why; what is missing may be added while this runs.
    let missing: [(function: String, code: FunctionDefinition.MissingCode)]

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
        var missing: [(function: String, code: FunctionDefinition.MissingCode)] = []
        if let path = settings.functions {
            do {
                let file = try FunctionsFile(path: path)
                missing = file.functions.compactMap { function in
                    function.missingCode.map { (function.reference.text, $0) }
                }
                supervisor = FunctionSupervisor(file: file, settings: functionSettings)
            } catch {
                throw CommandFailure(.usage, Self.text(of: error, path))
            }
        }
        self.missing = missing
        let endpoint = environment["LAMBDA_ENDPOINT"].flatMap { $0.isEmpty ? nil : LambdaEndpoint(url: $0) }
        let invoker = FunctionInvoker(settings: functionSettings, supervisor: supervisor, endpoint: endpoint)
        let functions = FunctionDriver(invoker: invoker, settings: functionSettings).driver
        let objects = settings.objects.map { place in
            ObjectTasks(store: place.store, resultBytes: settings.limits.maxPayloadBytes)
        }
        driver = objects?.driver.before(functions) ?? functions
        parts = supervisor.map { [Part("functions", $0)] } ?? []
    }

    /// Tells what functions lack; a worker that others rely on must lack nothing.
    func tellMissing(to output: Output, refusing: Bool) throws(CommandFailure) {
        let lines = missing.map { "function '\($0.function)': \($0.code)" }
        guard !lines.isEmpty else { return }
        if refusing, missing.contains(where: \.code.isCertain) {
            throw CommandFailure(.usage, lines.joined(separator: "\n  "))
        }
        for line in lines { output.note("Warning: \(line)") }
    }

    /// What is wrong with a functions file, with its name said once.
    private static func text(of error: FunctionsFileError, _ path: String) -> String {
        switch error {
        case .unreadable: "\(error)"
        case .notJSON(let reason): "the functions file \(path) is not JSON: \(reason)"
        case .invalid(let problems):
            "the functions file \(path) is not valid:" + problems.map { "\n  \($0)" }.joined()
        }
    }
}
