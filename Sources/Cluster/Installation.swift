import FoundationEssentials
import Glibc

/// An installation of PostgreSQL's server.
struct Installation: Sendable, Equatable {
    /// The folder of its programs.
    let folder: String
    /// Its major version.
    let major: Int

    /// The oldest version that Braid works with.
    static let oldestMajor = 15

    func program(_ name: String) -> String { "\(folder)/\(name)" }

    /// Finds the newest installation, or that of one major version.
    static func find(major: Int?, in given: String?) async throws(ClusterError) -> Installation {
        var best: Installation?
        for folder in await candidates(given) {
            guard let found = await read(folder) else { continue }
            if let major {
                if found.major == major { return found }
            } else if found.major >= oldestMajor, found.major > best?.major ?? 0 {
                best = found
            }
        }
        guard let best else { throw .notInstalled(major: major) }
        return best
    }

    private static func candidates(_ given: String?) async -> [String] {
        if let given { return [given] }
        var folders: [String] = []
        let configured = await Command(["pg_config", "--bindir"]).run()
        if configured.isSuccess {
            folders.append(String(configured.output.split(separator: "\n").first ?? ""))
        }
        for parent in ["/usr/lib/postgresql", "/usr/local/lib/postgresql"] {
            let versions = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
            folders += versions.sorted().reversed().map { "\(parent)/\($0)/bin" }
        }
        return folders + ["/usr/local/pgsql/bin", "/usr/local/bin", "/usr/bin"]
    }

    /// Asks the server there for its version; `nil` where there is none.
    private static func read(_ folder: String) async -> Installation? {
        let programs = ["postgres", "initdb", "pg_ctl"]
        guard programs.allSatisfy({ unsafe access("\(folder)/\($0)", X_OK) == 0 }) else { return nil }
        let answer = await Command(["\(folder)/postgres", "--version"]).run()
        guard answer.isSuccess, let version = answer.output.split(separator: " ").dropFirst(2).first else { return nil }
        guard let major = Int(version.prefix { $0.isNumber }) else { return nil }
        return Installation(folder: folder, major: major)
    }
}
