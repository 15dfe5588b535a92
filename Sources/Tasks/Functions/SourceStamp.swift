import FoundationEssentials
import Glibc

/// What a function's files look like at a moment: it differs once one of them was edited, added or removed.
struct SourceStamp: Sendable, Equatable {
    private static let endings: Set<String> = [
        "py", "js", "mjs", "cjs", "ts", "json", "yaml", "yml", "toml", "html", "sql", "sh", "so", "node", "wasm", "rb",
    ]
    private static let skipped: Set<String> = ["node_modules", "__pycache__", "venv", "site-packages"]
    /// More files than this are not looked at, so that a folder chosen badly does not cost each invocation a second.
    private static let most = 5_000

    private var digest = 0
    private var count = 0

    /// Looks at the files below a function's folder, and at the program of a command.
    init(of function: FunctionDefinition) {
        visit(function.directory, depth: 0)
        if case .command(let command, _) = function.implementation, let program = command.first { add(program) }
    }

    private mutating func visit(_ folder: String, depth: Int) {
        guard depth < 12, let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return }
        for name in names.sorted() where !name.hasPrefix(".") && !Self.skipped.contains(name) {
            guard count < Self.most else { return }
            let path = "\(folder)/\(name)"
            if let dot = name.lastIndex(of: "."), Self.endings.contains(String(name[name.index(after: dot)...])) {
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
