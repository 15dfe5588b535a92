import Foundation
import JSON
import Tasks
import Telemetry
import Testing

/// Functions of a folder that run while the body runs.
struct Functions: Sendable {
    let folder: TemporaryFolder
    let invoker: FunctionInvoker
    private let log: CapturingLogSink

    /// Runs what stands under `functions` in a functions file beside the given files.
    static func run<Answer: Sendable>(
        _ functions: String,
        files: [String: String],
        settings: FunctionSettings = FunctionSettings(),
        _ body: (Functions) async throws -> Answer
    ) async throws -> Answer {
        let folder = try TemporaryFolder(files)
        let log = CapturingLogSink()
        let file = try FunctionsFile(parsing: "{\"functions\": \(functions)}", directory: folder.path)
        let supervisor = FunctionSupervisor(file: file, settings: settings, log: Logger(label: "functions", sink: log))
        let running = Task { try await supervisor.run() }
        let invoker = FunctionInvoker(settings: settings, supervisor: supervisor)
        let result: Result<Answer, any Error>
        do { result = .success(try await body(Functions(folder: folder, invoker: invoker, log: log))) } catch {
            result = .failure(error)
        }
        supervisor.stop()
        try await running.value
        return try result.get()
    }

    /// The lines that were logged so far.
    var entries: [LogEntry] { log.entries }

    /// What was logged so far.
    var messages: [String] { log.messages }

    func invoke(
        _ name: String = "f",
        _ event: JSONValue = [:],
        id: String = "request-1",
        deadline: Duration? = nil
    ) async -> InvocationOutcome {
        await invoker.invoke(name, payload: JSONText(event), requestID: id, deadline: deadline)
    }
}

extension InvocationOutcome {
    /// The payload of a success, as it came.
    var payload: String? { if case .success(let payload, _) = self { payload.text } else { nil } }

    /// The value of a success.
    var value: JSONValue? { if case .success(let payload, _) = self { payload.value } else { nil } }

    /// The error of a failure.
    var error: String? { if case .failure(let error, _) = self { error } else { nil } }

    /// The cause of a failure.
    var cause: String? { if case .failure(_, let cause) = self { cause } else { nil } }
}

/// Waits until a condition holds, for a minute at most.
func expectEventually(
    _ condition: () async throws -> Bool,
    sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    let end = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < end {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(5))
    }
    Issue.record("what was waited for did not come", sourceLocation: sourceLocation)
}

/// Whether a process lives; one that has ended and waits to be reaped does not.
func isAlive(_ process: Int) -> Bool {
    guard let line = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return false }
    return line.split(separator: ")").last?.split(separator: " ").first != "Z"
}

/// Whether a program is in `PATH`.
func isInstalled(_ program: String) -> Bool {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
        FileManager.default.isExecutableFile(atPath: "\($0)/\(program)")
    }
}
