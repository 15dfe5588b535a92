import CEmbedded
import FoundationEssentials

/// Braid's own runtime clients, written out of the binary so that interpreters can read them.
struct Bootstraps: Sendable {
    /// The folder that they lie in.
    let folder: String

    /// Writes them into a new folder of this process's.
    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "braid-functions-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: url,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        for index in 0..<braid_bootstraps_count {
            guard let file = unsafe braid_bootstraps()?[index], let name = unsafe file.name else { continue }
            let data = unsafe Data(bytes: file.bytes, count: file.count)
            try unsafe data.write(to: url.appending(path: String(cString: name)))
        }
        folder = url.path(percentEncoded: false)
    }

    /// Removes the folder.
    func remove() { try? FileManager.default.removeItem(atPath: folder) }

    /// The program that runs a function, and its arguments.
    func command(for implementation: FunctionDefinition.Implementation) -> [String] {
        switch implementation {
        case .python(_, let interpreter): interpreter + ["\(folder)/bootstrap.py"]
        case .node(_, let interpreter): interpreter + ["\(folder)/bootstrap.mjs"]
        case .command(let command, _): command
        case .url: []
        }
    }
}
