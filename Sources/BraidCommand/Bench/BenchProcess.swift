import CSystem
import Engine
import Glibc
import Interpreter
import Lifecycle
import StatesLanguage

/// `braid bench process`: what the bench starts by itself.
///
/// A service or a worker as any other, but that no-op tasks are performed in the process, and that it tells what its
/// commits cost, and what it has in memory, and ends with its standard input.
enum BenchProcess {
    /// A task that takes a fifth of a second, and one that does not end.
    static let slow = "arn:aws:lambda:us-east-1:123456789012:function:slow"
    static let held = "arn:aws:lambda:us-east-1:123456789012:function:held"

    static let noOp = TaskDriver(
        lanes: { [BenchScenario.resource, slow, held] },
        serves: { [BenchScenario.resource, slow, held].contains($0) },
        perform: { attempt in
            switch attempt.request.resource.text {
            case slow: try? await Task.sleep(for: .milliseconds(200))
            case held: try? await Task.sleep(for: .seconds(86_400))
            default: break
            }
            return .succeeded(attempt.request.input)
        }
    )

    static func run(_ invocation: Invocation) async throws -> ExitStatus {
        guard let names = invocation.operand(1), let url = invocation.operand(2) else {
            throw UsageError("bench process takes parts and a database")
        }
        var settings = ProcessSettings(parts: parts(names), databaseURL: url)
        settings.functions = invocation.operand(3)
        settings.capacity = invocation.environment["BRAID_CAPACITY"].flatMap { Int($0) }
        settings.objects = invocation.environment["BRAID_OBJECTS"].map { ObjectPlace(folder: $0) }
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
                    switch line {
                    case "counts":
                        let counts = engine.queue.counts.now
                        quiet.line("[\(counts.commits),\(counts.submissions),\(counts.roundTrips)]")
                    case "heap": quiet.line("\(braid_heap_in_use())")
                    default: continue
                    }
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
