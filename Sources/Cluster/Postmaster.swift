import FoundationEssentials
import Glibc

/// A running server, as its `postmaster.pid` tells.
///
/// Source: PostgreSQL, `utils/pidfile.h`.
struct Postmaster: Sendable, Equatable {
    let process: Int32
    let socketFolder: String
    /// Such as `ready` or `stopping`.
    let status: String

    /// Reads the file of the server in a data folder; `nil` when there is none, or its process is not that server.
    static func find(in data: String) -> Postmaster? {
        guard let text = try? String(contentsOfFile: "\(data)/postmaster.pid", encoding: .utf8) else { return nil }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            String(line.drop { $0 == " " }.prefix { $0 != " " })
        }
        guard lines.count > 4, let process = Int32(lines[0]), process > 0 else { return nil }
        let found = Postmaster(process: process, socketFolder: lines[4], status: lines.count > 7 ? lines[7] : "")
        return found.isRunning(in: data) ? found : nil
    }

    /// Whether the process lives and works in the data folder; one that has ended and was not waited for does not.
    func isRunning(in data: String) -> Bool { Self.workingFolder(of: process) == Self.resolved(data) }

    /// Every process that works in a data folder: the server's, or what is left of a dead one.
    static func processes(in data: String) -> [Int32] {
        let folder = resolved(data)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }.filter { workingFolder(of: $0) == folder }.sorted()
    }

    private static func workingFolder(of process: Int32) -> String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/cwd")
    }

    /// The path without symbolic links; as given where it does not exist.
    static func resolved(_ path: String) -> String {
        guard let resolved = unsafe realpath(path, nil) else { return path }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }
}
