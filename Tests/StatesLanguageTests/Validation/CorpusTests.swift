import JSON
import StatesLanguage
import Testing

@Suite("Definitions of AWS's public collection", .shared)
struct CorpusTests {
    @Test("have no errors")
    func accepted() throws {
        let files = try SharedFolder.files(in: "asl-corpus", ending: ".asl.json")
        #expect(files.count == 77)
        for file in files {
            let text = try Placeholders.replaced(in: SharedFolder.text(of: "asl-corpus/\(file)"))
            let errors = Validator.diagnostics(of: text).filter { $0.severity == .error }
            #expect(errors.isEmpty, "\(file): \(errors)")
            #expect(throws: Never.self, "\(file)") { try StateMachineDefinition(parsing: text) }
        }
    }
}

/// What stands in the collection's definitions for what a deployment fills in.
enum Placeholders {
    static let arn = "arn:aws:lambda:us-east-1:123456789012:function:f"

    /// Returns a definition with `${…}` replaced: a whole `Resource` by a function's ARN, anything else by a word.
    static func replaced(in text: String) throws -> String {
        try replaced(in: JSONValue(parsing: text), under: "").text
    }

    private static func replaced(in value: JSONValue, under key: String) throws -> JSONValue {
        switch value {
        case .string(let text) where text.hasPrefix("${") && text.hasSuffix("}") && key == "Resource": .string(arn)
        case .string(let text): .string(text.replacing(#/\$\{[^}]*\}/#, with: "placeholder"))
        case .array(let elements): .array(try elements.map { try replaced(in: $0, under: key) })
        case .object(let members):
            .object(JSONObject(try members.map { ($0.key, try replaced(in: $0.value, under: $0.key)) }))
        default: value
        }
    }
}
