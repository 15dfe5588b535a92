import CSystem
import Dispatch
import Glibc

/// Lays graphs out, with Graphviz's program `dot`.
package enum Graphviz {
    /// What `dot` writes.
    package enum Format: String, Sendable {
        case svg
        case png
    }

    /// Lays a graph out and draws it; a layout that takes longer than a bound is given up.
    package static func draw(_ dot: String, as format: Format) async throws(DrawingError) -> [UInt8] {
        let result: Result<[UInt8], DrawingError> = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                do throws(DrawingError) {
                    continuation.resume(returning: .success(try drawBlocking(dot, as: format)))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }

    private static func drawBlocking(_ dot: String, as format: Format) throws(DrawingError) -> [UInt8] {
        guard let input = file(holding: dot) else { throw .system("a file in memory", errno) }
        defer { close(input) }
        var pipe: [Int32] = [-1, -1]
        guard unsafe pipe2(&pipe, O_CLOEXEC) == 0 else { throw .system("a pipe", errno) }
        let words = ["timeout", "--kill-after=1", "30", "dot", "-T\(format.rawValue)"]
        let child = spawn(words, input: input, output: pipe[1])
        close(pipe[1])
        defer { close(pipe[0]) }
        guard let child else { throw .missing }
        let output = readAll(pipe[0])
        var status: Int32 = 0
        while unsafe waitpid(child, &status, 0) < 0 && errno == EINTR {}
        guard status != 0 else { return output }
        let code = status >> 8 & 0xFF
        throw code == 127 ? .missing : code == 124 ? .tooLong : .failed(Int(code))
    }

    /// An unnamed file at its beginning; `timeout` and `dot` read it as they like.
    private static func file(holding text: String) -> Int32? {
        let descriptor = unsafe memfd_create("graph", 1 /* MFD_CLOEXEC */)
        guard descriptor >= 0 else { return nil }
        var text = text
        let isWritten = text.withUTF8 { bytes in
            var offset = 0
            while offset < bytes.count {
                let rest = unsafe UnsafeBufferPointer(rebasing: bytes[offset...])
                let count = unsafe write(descriptor, rest.baseAddress, rest.count)
                guard count > 0 else { return false }
                offset += count
            }
            return true
        }
        guard isWritten, lseek(descriptor, 0, SEEK_SET) == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    private static func spawn(_ words: [String], input: Int32, output: Int32) -> pid_t? {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, input, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
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
        let home = unsafe getenv("HOME").map { unsafe String(cString: $0) } ?? "/"
        let variables = ["PATH=\(path)", "LC_ALL=C.UTF-8", "HOME=\(home)"]
        let arguments = unsafe words.map { unsafe strdup($0) } + [nil]
        let environment = unsafe variables.map { unsafe strdup($0) } + [nil]
        defer { unsafe (arguments + environment).forEach { unsafe free($0) } }
        var child: pid_t = 0
        let failure = unsafe posix_spawnp(&child, words[0], &actions, &attributes, arguments, environment)
        return failure == 0 ? child : nil
    }

    private static func readAll(_ descriptor: Int32) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe read(descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return bytes }
            bytes += chunk[0..<count]
        }
    }
}

/// Why a graph was not drawn.
package enum DrawingError: Error, Equatable, CustomStringConvertible {
    /// There is no program `dot`.
    case missing
    /// The layout did not end.
    case tooLong
    /// `dot` ended with a status.
    case failed(Int)
    /// The system gave no file.
    case system(String, Int32)

    package var description: String {
        switch self {
        case .missing: "Graphviz is not installed: there is no program 'dot' (on Debian: apt-get install graphviz)"
        case .tooLong: "the layout took more than 30 s"
        case .failed(let status): "Graphviz's 'dot' ended with status \(status)"
        case .system(let what, let number): "no \(what): \(unsafe String(cString: strerror(number)))"
        }
    }
}
