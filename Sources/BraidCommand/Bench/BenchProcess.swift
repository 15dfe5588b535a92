import Engine
import Glibc
import Interpreter
import Lifecycle

/// `braid bench process`: what the bench starts by itself.
///
/// A service or a worker as any other, but that no-op tasks are performed in the process, and that it tells what its
/// commits cost and ends with its standard input.
enum BenchProcess {
    static let noOp = TaskDriver(
        lanes: { [BenchScenario.resource] },
        serves: { $0 == BenchScenario.resource },
        perform: { .succeeded($0.request.input) }
    )

    static func run(_ invocation: Invocation) async throws -> ExitStatus {
        guard let names = invocation.operand(1), let url = invocation.operand(2) else {
            throw UsageError("bench process takes parts and a database")
        }
        var settings = ProcessSettings(parts: parts(names), databaseURL: url)
        settings.functions = invocation.operand(3)
        if settings.parts.contains(.service) { settings.listen = ListenAddress(host: "127.0.0.1", port: 0) }
        let quiet = Output(
            isColoured: false,
            width: nil,
            standardOutput: { invocation.output.line(String($0.dropLast())) },
            standardError: { _ in }
        )
        var composition = Composition(settings, output: quiet)
        if settings.functions == nil { composition.performer = noOp }
        composition.attend = { engine, port, stop in
            quiet.line("\(port)")
            let isStarted = SystemThread.start {
                while let line = readLine() {
                    guard line == "counts" else { continue }
                    let counts = engine.queue.counts.now
                    quiet.line("[\(counts.commits),\(counts.submissions),\(counts.roundTrips)]")
                }
                stop()
            }
            if !isStarted { stop() }
        }
        return try await composition.run()
    }

    private static func parts(_ text: String) -> ProcessSettings.Parts {
        var parts: ProcessSettings.Parts = []
        for word in text.split(separator: ",") {
            switch word {
            case "service": parts.insert(.service)
            case "worker": parts.insert(.worker)
            default: parts.insert(.scheduler)
            }
        }
        return parts
    }
}
