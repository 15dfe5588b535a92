import Foundation
import JSON
import StatesLanguage
import Testing

/// An execution as AWS recorded it: a definition, an input, and the history that came of it.
struct RecordedCase: Sendable, CustomTestStringConvertible {
    let id: String
    let definition: String
    let input: String
    /// File of each function's code, by the function's name.
    let functions: [String: String]
    let events: [JSONValue]
    let placeholders: [String]
    let wild: [String]

    var testDescription: String { id }

    /// The cases that one process without a store can run: JSONPath mode, inline Maps, Lambda at most.
    static func all(in folder: URL) throws -> [RecordedCase] {
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        var cases: [RecordedCase] = []
        for file in files.filter({ $0.pathExtension == "json" }).sorted(by: { $0.path < $1.path }) {
            let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
            for recorded in try JSONValue(parsing: text).array ?? [] {
                guard let recorded = RecordedCase(recorded) else { continue }
                cases.append(recorded)
            }
        }
        return cases
    }

    private init?(_ recorded: JSONValue) {
        let text = recorded.text
        guard recorded["kind"]?.string == "execution",
            !text.contains("DISTRIBUTED"),
            recorded["needs"]?.array?.allSatisfy({ $0.string == "lambda" }) ?? true,
            let id = recorded["id"]?.string,
            let events = recorded["expected"]?["get_execution_history"]?["events"]?.array
        else { return nil }
        self.id = id
        self.events = events
        definition = recorded["definitionText"]?.string ?? recorded["definition"].map(Self.pythonText) ?? ""
        let input = recorded["inputText"]?.string ?? recorded["input"].map(Self.pythonText) ?? "{}"
        self.input = Self.filled(input)
        functions = Dictionary(
            (recorded["functions"]?.array ?? []).compactMap { function in
                function["name"]?.string.flatMap { name in function["file"]?.string.map { (name, $0) } }
            },
            uniquingKeysWith: { first, _ in first }
        )
        let rules = recorded["normalise"]
        placeholders = rules?["text"]?.array?.compactMap(\.string) ?? []
        wild = rules?["value"]?.array?.compactMap(\.string) ?? []
    }

    /// JSON as `json.dumps` writes it, which is how the recordings were made: a space after each comma and colon.
    static func pythonText(_ value: JSONValue) -> String {
        switch value {
        case .array(let elements): "[" + elements.map(pythonText).joined(separator: ", ") + "]"
        case .object(let members):
            "{" + members.map { JSONValue.string($0.key).text + ": " + pythonText($0.value) }.joined(separator: ", ")
                + "}"
        case .null, .bool, .number, .string: value.text
        }
    }

    /// Puts times in the place of `{{now+60}}`.
    private static func filled(_ text: String) -> String {
        text.replacing(/\{\{now\+(\d+)\}\}/) { match in
            let time = VirtualRun.start + .seconds(Int(match.1) ?? 0)
            return String(time.rfc3339.dropLast())
        }
    }
}
