import Foundation
import JSON

/// The input that someone gives an execution on the command line.
enum InputText {
    /// Returns the input of `--input`: JSON, `@FILE`, or `-` for what standard input holds.
    ///
    /// - Throws: Where it is not JSON.
    static func read(_ argument: String) throws(CommandFailure) -> JSONText {
        let (text, source) = try content(of: argument)
        do {
            return try JSONText(validating: text)
        } catch {
            let hint = argument.first == "@" || argument == "-" ? nil : "A file's content is given as --input @FILE."
            throw CommandFailure(.usage, "\(source) is not JSON: \(error)", hint: hint)
        }
    }

    private static func content(of argument: String) throws(CommandFailure) -> (text: String, source: String) {
        if argument == "-" {
            let data = FileHandle.standardInput.readDataToEndOfFile()
            return (String(decoding: data, as: UTF8.self), "what standard input holds")
        }
        guard argument.hasPrefix("@") else { return (argument, "the input") }
        let path = String(argument.dropFirst())
        return (try DefinitionFile.text(of: path), path)
    }
}
