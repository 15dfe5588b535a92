import Foundation
import JSON
import YAML

/// A file with definitions of state machines: one in JSON or YAML, or a SAM or CloudFormation template with any number.
struct DefinitionFile: Sendable {
    /// What `${NAME}` stands for, whatever a template says.
    var substitutions: [String: String] = [:]
    var region = "us-east-1"
    var account = "123456789012"

    init() {}

    /// Reads a file's definitions.
    ///
    /// - Throws: What is wrong with the file; whether a definition is valid is not looked at.
    func read(_ path: String) throws(CommandFailure) -> [NamedDefinition] {
        let text = try Self.text(of: path)
        let (replaced, unknown) = Placeholders.replace(in: text) { substitutions[$0] }
        // A template is read as it stands: its ${NAME} have values of their own.
        if let template = try? Self.document(text, path), Template.isTemplate(template) {
            return try Template(document: template, path: path, file: self).definitions()
        }
        let definition = try Self.document(replaced, path)
        var named = NamedDefinition(
            name: Self.machineName(of: path),
            text: Self.isYAML(path) ? definition.text(pretty: true) : replaced,
            type: "STANDARD",
            source: path,
            unknown: unknown
        )
        named.fileText = replaced
        return [named]
    }

    /// What several files hold, or what is wrong with each that cannot be read.
    func read(all paths: [String]) -> (definitions: [NamedDefinition], problems: [CommandFailure]) {
        var definitions: [NamedDefinition] = []
        var problems: [CommandFailure] = []
        for path in paths {
            do throws(CommandFailure) { definitions += try read(path) } catch { problems.append(error) }
        }
        return (definitions, problems)
    }

    /// Returns what a file holds.
    static func text(of path: String) throws(CommandFailure) -> String {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else {
            throw CommandFailure(.usage, "there is no file \(path)")
        }
        if attributes[.type] as? FileAttributeType == .typeDirectory {
            throw CommandFailure(.usage, "\(path) is a folder, not a file")
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure(.usage, "\(path) cannot be read")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw CommandFailure(.usage, "\(path) is not UTF-8 text")
        }
        return text
    }

    /// Parses a file's text as its name says; what is named otherwise may be either.
    static func document(_ text: String, _ path: String) throws(CommandFailure) -> JSONValue {
        if isYAML(path) { return try yaml(text, path) }
        do {
            return try JSONValue(parsing: text, duplicateKeys: .lastWins)
        } catch {
            if !path.hasSuffix(".json"), let value = try? yaml(text, path), value.object != nil { return value }
            throw CommandFailure(.usage, "\(path):\(error.line):\(error.column): it is not JSON: \(error.message)")
        }
    }

    private static func yaml(_ text: String, _ path: String) throws(CommandFailure) -> JSONValue {
        do {
            return try parseYAML(text)
        } catch {
            throw CommandFailure(.usage, "\(path):\(error.line):\(error.column): it is not YAML: \(error.message)")
        }
    }

    static func isYAML(_ path: String) -> Bool { path.hasSuffix(".yaml") || path.hasSuffix(".yml") }

    /// The file's name without what says its kind, and without what the name of a state machine may not hold.
    static func machineName(of path: String) -> String {
        var name = path.split(separator: "/").last.map(String.init) ?? path
        for suffix in [".json", ".yaml", ".yml", ".asl"] where name.hasSuffix(suffix) {
            name.removeLast(suffix.count)
        }
        let allowed = name.unicodeScalars.map { scalar -> Character in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "-", "_": Character(scalar)
            default: "-"
            }
        }
        return String(allowed.prefix(80))
    }
}
