import FoundationEssentials
import Glibc

/// What a function's code looks like at a moment: it differs once a file of it was edited, added or removed.
///
/// Code is what the runtime reads, so that a handler may write other files beside itself.
struct SourceStamp: Sendable, Equatable {
    private static let skipped: Set<String> = ["node_modules", "__pycache__", "venv", "site-packages"]
    /// More files than this are not looked at, so that a folder chosen badly does not cost each invocation a second.
    private static let most = 5_000

    private let endings: Set<String>
    private var digest = 0
    private var count = 0

    /// Looks at the code below a function's folder; of a command, at its program.
    init(of function: FunctionDefinition) {
        switch function.implementation {
        case .python: endings = ["py"]
        case .node: endings = ["js", "mjs", "cjs", "json"]
        case .command, .url: endings = []
        }
        if endings.isEmpty { add(function.program) } else { visit(function.directory, depth: 0) }
    }

    private mutating func visit(_ folder: String, depth: Int) {
        guard depth < 12, let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return }
        for name in names.sorted() where !name.hasPrefix(".") && !Self.skipped.contains(name) {
            guard count < Self.most else { return }
            let path = "\(folder)/\(name)"
            if let dot = name.lastIndex(of: "."), endings.contains(String(name[name.index(after: dot)...])) {
                add(path)
            } else {
                var status = stat()
                let isFolder = unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
                if isFolder { visit(path, depth: depth + 1) }
            }
        }
    }

    private mutating func add(_ path: String) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return }
        count += 1
        var hasher = Hasher()
        hasher.combine(digest)
        hasher.combine(path)
        hasher.combine(status.st_mtim.tv_sec)
        hasher.combine(status.st_mtim.tv_nsec)
        hasher.combine(status.st_size)
        hasher.combine(status.st_ino)
        digest = hasher.finalize()
    }
}
