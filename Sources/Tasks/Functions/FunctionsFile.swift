import FoundationEssentials
import Glibc
package import JSON

/// The functions that a worker process serves.
package struct FunctionsFile: Sendable, Equatable {
    /// The functions, in the file's order.
    package let functions: [FunctionDefinition]

    /// No functions.
    package init() { functions = [] }

    /// Reads a file; the paths in it are relative to its folder.
    ///
    /// - Throws: All that is wrong with it at once.
    package init(path: String) throws(FunctionsFileError) {
        let url = URL(filePath: path).standardizedFileURL
        var status = stat()
        if unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            throw .unreadable(path: path, reason: "it is a folder, not a file")
        }
        let data: Data
        do { data = try Data(contentsOf: url) } catch {
            throw .unreadable(path: path, reason: (error as? CocoaError)?.reason ?? "the system refuses it")
        }
        try self.init(
            parsing: String(decoding: data, as: UTF8.self),
            directory: url.deletingLastPathComponent().path(percentEncoded: false)
        )
    }

    /// Reads the text of a file that lies in a folder.
    ///
    /// - Throws: All that is wrong with it at once.
    package init(parsing text: String, directory: String) throws(FunctionsFileError) {
        let document: JSONValue
        do { document = try JSONValue(parsing: text, duplicateKeys: .refused) } catch { throw .notJSON(error) }
        var reader = FunctionsFileReader(folder: directory)
        functions = reader.read(document)
        guard reader.problems.isEmpty else { throw .invalid(reader.problems) }
    }
}

extension CocoaError {
    fileprivate var reason: String? {
        switch code {
        case .fileReadNoSuchFile, .fileNoSuchFile: "there is no such file"
        case .fileReadNoPermission: "it may not be read"
        default: nil
        }
    }
}

/// Why a functions file is not taken.
package enum FunctionsFileError: Error, Equatable, CustomStringConvertible {
    /// One thing that is wrong.
    package struct Problem: Sendable, Equatable, CustomStringConvertible {
        /// Where in the document.
        package let place: JSONPointer
        /// What is wrong there.
        package let message: String

        package var description: String { "\(place): \(message)" }
    }

    /// There is no file, or it cannot be read.
    case unreadable(path: String, reason: String)
    /// The file is not JSON.
    case notJSON(JSONError)
    /// The document says what it may not.
    case invalid([Problem])

    package var description: String {
        switch self {
        case .unreadable(let path, let reason): "cannot read the functions file \(path): \(reason)"
        case .notJSON(let error): "the functions file is not JSON: \(error)"
        case .invalid(let problems):
            "the functions file is not valid: " + problems.map(\.description).joined(separator: "; ")
        }
    }
}
