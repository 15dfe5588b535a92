import JSON
import StatesLanguage

/// What helps beyond AWS's words, which the service keeps to the letter.
enum DefinitionHints {
    static func hint(on diagnostic: Diagnostic, in document: JSONValue) -> String? {
        let found = diagnostic.location.flatMap { value(at: $0, in: document) }
        let object = found?.object ?? [:]
        if let text = found?.string {
            let unknown = Placeholders.replace(in: text) { _ in nil as String? }.unknown
            if let name = unknown.first { return "nothing stands for ${\(name)}; give --substitute \(name)=VALUE" }
        }
        if let name = quoted(in: diagnostic.message, between: "Field '", and: "' is not supported") {
            let known = FieldNames.all.filter { object[$0] == nil }.sorted()
            return Suggestion.closest(to: name, among: known).map { "did you mean '\($0)'?" }
        }
        if diagnostic.code == .missingEndState {
            return "no state has \"End\": true, and none is of type Succeed or Fail"
        }
        let none = "This object should have only one of the following fields: ["
        let several = "The object must have only one of the following fields, ["
        guard
            let list = quoted(in: diagnostic.message, between: none, and: "]")
                ?? quoted(in: diagnostic.message, between: several, and: "]")
        else { return nil }
        let names = list.split(separator: ", ").map(String.init)
        if object["Variable"] != nil, names.contains("StringEquals") {
            return
                "the rule has a 'Variable' and nothing to compare it with; rules are combined by 'And', 'Or' and 'Not'"
        }
        let present = names.filter { object[$0] != nil }
        guard present.isEmpty else { return "it has \(present.joined(separator: " and "))" }
        let misspelt = object.keys.compactMap { key in
            FieldNames.all.contains(key) ? nil : Suggestion.closest(to: key, among: names)
        }
        if let guess = misspelt.first { return "did you mean '\(guess)'?" }
        guard names.count > 2 else { return names == ["Next", "End"] ? "the state has neither" : "it has neither" }
        return "it has none of them"
    }

    private static func value(at place: JSONPointer, in document: JSONValue) -> JSONValue? {
        place.steps.reduce(document as JSONValue?) { value, step in
            value?.array.flatMap { array in
                Int(step).flatMap { array.indices.contains($0) ? array[$0] : nil }
            } ?? value?[step]
        }
    }

    private static func quoted(in text: String, between start: String, and end: String) -> String? {
        guard text.hasPrefix(start), text.hasSuffix(end) else { return nil }
        return String(text.dropFirst(start.count).dropLast(end.count))
    }
}
