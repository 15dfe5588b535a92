import CSystem
import Glibc
import Synchronization

/// Has a worker's function processes die with it, however it dies.
///
/// A small shell, in a group of its own, reads the process groups that exist from a socket of the worker's. When the worker
/// is gone, even by SIGKILL, the socket closes, and the shell kills all that were left, with whatever they started. Unlike
/// `PR_SET_PDEATHSIG` that reaches grandchildren and does not hang on the thread that started a process.
final class ProcessGuard: Sendable {
    private static let script = """
        trap '' HUP INT QUIT TERM
        groups=' '
        while read -r change group; do
          case $change in
            +) groups="$groups$group " ;;
            -) groups="${groups%% "$group" *} ${groups#* "$group" }" ;;
          esac
        done
        for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
        if test -n "$1"; then rm -rf -- "$1"; fi
        """

    private struct State {
        var groups: Set<pid_t> = []
        var socket: Int32 = -1
        var shell: pid_t = 0
    }

    private let folder: String
    private let state = Mutex(State())

    /// A guard that also removes a folder when the worker dies, unless it is the empty text.
    init(removing folder: String = "") { self.folder = folder }

    deinit { close() }

    /// Has a group killed when the worker dies.
    func add(_ group: pid_t) throws(ProcessError) {
        let isHeld = state.withLock { state in
            state.groups.insert(group)
            if state.socket >= 0, Self.send("+ \(group)\n", to: state.socket) { return true }
            // The shell was not started yet, or somebody killed it.
            Self.end(&state)
            return start(&state) && state.groups.allSatisfy { Self.send("+ \($0)\n", to: state.socket) }
        }
        guard isHeld else { throw .cannotStart(program: "/bin/sh", reason: Self.reason(errno)) }
    }

    /// Says that a group has ended; must come before its number can be another's.
    func remove(_ group: pid_t) {
        state.withLock { state in
            state.groups.remove(group)
            if state.socket >= 0 { _ = Self.send("- \(group)\n", to: state.socket) }
        }
    }

    /// Ends the shell, and with it all groups that it still knows.
    func close() { state.withLock { Self.end(&$0) } }

    private func start(_ state: inout State) -> Bool {
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard unsafe socketpair(AF_UNIX, type, 0, &ends) == 0 else { return false }
        let (ours, theirs) = (ends[0], braid_raise_descriptor(ends[1]))
        defer { _ = Glibc.close(theirs) }
        let arguments = CStrings(["/bin/sh", "-c", Self.script, "sh", folder])
        let variables = CStrings(["PATH=/usr/bin:/bin"])
        var shell: pid_t = 0
        let status = unsafe braid_spawn(&shell, arguments.pointer, variables.pointer, "/", theirs, -1, -1)
        guard status == 0 else {
            _ = Glibc.close(ours)
            errno = status
            return false
        }
        state.socket = ours
        state.shell = shell
        return true
    }

    private static func end(_ state: inout State) {
        guard state.socket >= 0 else { return }
        _ = Glibc.close(state.socket)
        _ = braid_reap(state.shell)
        state.socket = -1
    }

    /// Writes a line, shorter than any socket's buffer.
    private static func send(_ line: String, to socket: Int32) -> Bool {
        let bytes = Array(line.utf8)
        return unsafe Glibc.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }

    static func reason(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
}

/// Why a program could not be started.
enum ProcessError: Error, CustomStringConvertible {
    case cannotStart(program: String, reason: String)

    var description: String {
        switch self {
        case .cannotStart(let program, let reason): "cannot start \(program): \(reason)"
        }
    }
}

/// Strings as C's programs take them: a list of pointers that ends with NULL.
@safe final class CStrings {
    let pointer: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    init(_ strings: [String]) {
        count = strings.count
        unsafe pointer = .allocate(capacity: strings.count + 1)
        for (index, string) in strings.enumerated() { unsafe pointer[index] = unsafe strdup(string) }
        unsafe pointer[strings.count] = nil
    }

    deinit {
        for index in 0..<count { unsafe free(pointer[index]) }
        unsafe pointer.deallocate()
    }
}
