import Foundation
import Glibc
import JSON

/// A process of Braid that the bench has started: `braid bench process`.
final class BenchChild {
    /// What such a process tells of its commit queue.
    struct Counts: Sendable {
        var commits = 0
        var submissions = 0
        var roundTrips = 0

        static func + (left: Self, right: Self) -> Self {
            Self(
                commits: left.commits + right.commits,
                submissions: left.submissions + right.submissions,
                roundTrips: left.roundTrips + right.roundTrips
            )
        }
    }

    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    /// Where it listens; 0 where it does not.
    private(set) var port = 0

    /// Starts one, and returns once it works.
    ///
    /// - Parameters:
    ///   - parts: What it does: `service`, `worker`, `scheduler`, with commas between.
    ///   - url: The database.
    ///   - functions: A functions file; no-op tasks are performed in the process itself without.
    ///   - capacity: How many branches it holds at most.
    ///   - objects: The folder of its object store.
    /// - Throws: When it does not start.
    init(parts: String, url: String, functions: String? = nil, capacity: Int? = nil, objects: String? = nil) throws {
        process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["bench", "process", parts, url] + (functions.map { [$0] } ?? [])
        var environment = ProcessInfo.processInfo.environment
        environment["BRAID_LOG_LEVEL"] = "warning"
        environment["LAMBDA_ENDPOINT"] = nil
        environment["BRAID_CAPACITY"] = capacity.map(String.init)
        environment["BRAID_OBJECTS"] = objects
        process.environment = environment
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        guard let answer = line(), let port = Int(answer) else {
            throw CommandFailure(.unavailable, "a process of the bench did not start")
        }
        self.port = port
    }

    var processID: Int32 { process.processIdentifier }

    /// Asks for its counts.
    func counts() -> Counts {
        try? input.fileHandleForWriting.write(contentsOf: Data("counts\n".utf8))
        guard let text = line(), let value = try? JSONValue(parsing: text), let numbers = value.array,
            numbers.count == 3
        else { return Counts() }
        return Counts(
            commits: numbers[0].int ?? 0,
            submissions: numbers[1].int ?? 0,
            roundTrips: numbers[2].int ?? 0
        )
    }

    /// Asks how many bytes of its heap are in use.
    func heap() -> Int {
        try? input.fileHandleForWriting.write(contentsOf: Data("heap\n".utf8))
        return line().flatMap { Int($0) } ?? 0
    }

    /// Ends it as a crash does.
    func kill() {
        guard process.isRunning else { return }
        _ = Glibc.kill(processID, SIGKILL)
        process.waitUntilExit()
    }

    /// Ends it in order.
    func end() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    private func line() -> String? {
        var bytes: [UInt8] = []
        while let byte = try? output.fileHandleForReading.read(upToCount: 1)?.first {
            if byte == 0x0A { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(byte)
        }
        return nil
    }
}
