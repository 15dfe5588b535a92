import CSystem
import Dispatch
import Glibc

/// A program run to its end, in a process group of its own so that Ctrl-C in the terminal does not reach it.
///
/// It starts in `/` with a small environment, default signals and no file descriptor of ours but its output: what it leaves
/// running must not keep our sockets open after us.
struct Command: Sendable {
    /// How a program ended.
    struct Outcome: Sendable {
        /// Its exit status; 128 and the number of the signal that ended it.
        let status: Int32
        /// What it wrote, errors included.
        let output: String

        var isSuccess: Bool { status == 0 }
    }

    let words: [String]

    init(_ words: [String]) { self.words = words }

    /// Runs it, on a thread that may wait.
    func run() async -> Outcome {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: runBlocking()) }
        }
    }

    /// Starts it with its standard input at a pipe, for a program that waits for our end.
    ///
    /// - Returns: The end of the pipe that is ours; the program reads to its end when this process is gone, however it went.
    func startWatching() -> Int32? {
        var pipe: [Int32] = [-1, -1]
        guard unsafe pipe2(&pipe, O_CLOEXEC) == 0 else { return nil }
        defer { close(pipe[0]) }
        guard spawn(input: pipe[0], output: nil) != nil else {
            close(pipe[1])
            return nil
        }
        return pipe[1]
    }

    private func runBlocking() -> Outcome {
        var pipe: [Int32] = [-1, -1]
        guard unsafe pipe2(&pipe, O_CLOEXEC) == 0 else { return Outcome(status: 127, output: Self.reason(errno)) }
        let child = spawn(input: nil, output: pipe[1])
        let failure = errno
        close(pipe[1])
        defer { close(pipe[0]) }
        guard let child else { return Outcome(status: 127, output: "\(words[0]): \(Self.reason(failure))") }
        let output = Self.readAll(pipe[0])
        var status: Int32 = 0
        while unsafe waitpid(child, &status, 0) < 0 && errno == EINTR {}
        let signal = status & 0x7F
        return Outcome(status: signal == 0 ? status >> 8 & 0xFF : 128 + signal, output: output)
    }

    private func spawn(input: Int32?, output: Int32?) -> pid_t? {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        if let input {
            unsafe posix_spawn_file_actions_adddup2(&actions, input, 0)
        } else {
            unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        for descriptor: Int32 in [1, 2] {
            if let output {
                unsafe posix_spawn_file_actions_adddup2(&actions, output, descriptor)
            } else {
                unsafe posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
            }
        }
        unsafe posix_spawn_file_actions_addchdir_np(&actions, "/")
        unsafe posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        unsafe sigfillset(&signals)
        unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
        unsafe sigemptyset(&signals)
        unsafe posix_spawnattr_setsigmask(&attributes, &signals)
        unsafe posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK)
        )
        let path = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
        let variables = ["PATH=\(path)", "LC_ALL=C", "TZ=UTC"]
        let arguments = unsafe words.map { unsafe strdup($0) } + [nil]
        let environment = unsafe variables.map { unsafe strdup($0) } + [nil]
        defer { unsafe (arguments + environment).forEach { unsafe free($0) } }
        var child: pid_t = 0
        let failure = unsafe posix_spawnp(&child, words[0], &actions, &attributes, arguments, environment)
        errno = failure
        return failure == 0 ? child : nil
    }

    private static func readAll(_ descriptor: Int32) -> String {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe read(descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += chunk[0..<count]
        }
    }

    private static func reason(_ number: Int32) -> String { unsafe String(cString: strerror(number)) }
}
