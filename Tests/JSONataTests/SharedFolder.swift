import Foundation
import JSON
import Testing

/// The folder of cases that stands beside the project, where it does.
enum SharedFolder {
    /// `BRAID_SHARED`, or `../shared` next to the package.
    static let path: String = {
        if let path = ProcessInfo.processInfo.environment["BRAID_SHARED"] { return path }
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return package.deletingLastPathComponent().appending(path: "shared").path
    }()

    /// With `BRAID_REQUIRE_SHARED=1` its absence is a failure instead of a reason to skip.
    static let isRequired = ProcessInfo.processInfo.environment["BRAID_REQUIRE_SHARED"] == "1"

    static let isThere = FileManager.default.fileExists(atPath: path + "/jsonata")

    static let whyNot: Comment = "There is no folder of shared cases; set BRAID_SHARED to where it is"

    /// The names of the files in a folder of it that end so, in order.
    static func files(in folder: String, ending suffix: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)").filter { $0.hasSuffix(suffix) }
            .sorted()
    }

    static func text(of file: String) throws -> String {
        try String(contentsOfFile: "\(path)/\(file)", encoding: .utf8)
    }
}

extension Trait where Self == ConditionTrait {
    /// Runs where the shared folder is, and where it must be.
    static var shared: Self { .enabled(if: SharedFolder.isThere || SharedFolder.isRequired, SharedFolder.whyNot) }
}
