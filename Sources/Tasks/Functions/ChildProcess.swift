import CSystem
import Glibc
import Lifecycle
import Synchronization

/// A program that runs in a process group of its own, and dies with this process.
final class ChildProcess: Sendable {
    /// Waits for leave to begin, which comes once the guard knows the group, and never if this process dies before.
    private static let script = #"IFS= read -r go <&3 || exit 1; exec 3<&-; exec "$@""#

    /// Its process id, which is its group's as well.
    let pid: pid_t
    private let processGuard: ProcessGuard
    private let output: OutputLines
    private let isReaped = Mutex(false)
    private let status = Mutex<Int32>(0)
    private let ended = Gate()

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - arguments: The program, looked up in its own `PATH` unless it has a slash, and its arguments.
    ///   - environment: All its variables.
    ///   - directory: Where it starts.
    ///   - processGuard: What ends it when this process dies.
    ///   - line: Takes what it writes to its standard output and error, a line at a time.
    /// - Throws: Why it did not start.
    init(
        arguments: [String],
        environment: [String: String],
        directory: String,
        processGuard: ProcessGuard,
        line: @escaping @Sendable (String) -> Void
    ) throws(ProcessError) {
        let program = arguments.first ?? ""
        guard let pipe = Self.pipe() else {
            throw .cannotStart(program: program, reason: ProcessGuard.reason(errno))
        }
        guard let gate = Self.pipe() else {
            let reason = ProcessGuard.reason(errno)
            close(pipe.read)
            close(pipe.write)
            throw .cannotStart(program: program, reason: reason)
        }
        let words = CStrings(["/bin/sh", "-c", Self.script, program] + arguments)
        let variables = CStrings(environment.map { "\($0.key)=\($0.value)" })
        var pid: pid_t = 0
        let status = unsafe braid_spawn(&pid, words.pointer, variables.pointer, directory, -1, pipe.write, gate.read)
        close(pipe.write)
        close(gate.read)
        self.pid = pid
        self.processGuard = processGuard
        output = OutputLines(reading: pipe.read, line)
        defer { close(gate.write) }
        guard status == 0 else {
            output.finish()
            throw .cannotStart(program: program, reason: ProcessGuard.reason(status))
        }
        guard SystemThread.start({ self.awaitEnd() }) else {
            kill()
            awaitEnd()
            throw .cannotStart(program: program, reason: "the system has no thread left for it")
        }
        do { try processGuard.add(pid) } catch {
            kill()
            throw error
        }
        _ = unsafe write(gate.write, "\n", 1)
    }

    /// Ends it and all it has started, at once.
    func kill(_ signal: Int32 = SIGKILL) {
        isReaped.withLock { if !$0 { _ = Glibc.kill(-pid, signal) } }
    }

    /// Returns once it has ended: its exit status, or the negative number of the signal that ended it.
    func end() async -> Int32 {
        // A task of its own: the end is waited for even when the caller is cancelled.
        await Task { try? await ended.wait() }.value
        return status.withLock { $0 }
    }

    private func awaitEnd() {
        braid_await_exit(pid)
        // Until it is reaped, its number is its group's only: what it left behind can be killed by it.
        _ = Glibc.kill(-pid, SIGKILL)
        processGuard.remove(pid)
        let result = isReaped.withLock { isReaped in
            isReaped = true
            return braid_reap(pid)
        }
        status.withLock { $0 = result }
        output.finish()
        ended.open()
    }

    private static func pipe() -> (read: Int32, write: Int32)? {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe2(&ends, O_CLOEXEC) == 0 else { return nil }
        return (braid_raise_descriptor(ends[0]), braid_raise_descriptor(ends[1]))
    }
}
