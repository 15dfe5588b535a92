import Foundation
import JSON

/// Holds answers against recorded content, by the rules of the recordings' README.
///
/// Recorded content must match whole. A placeholder stands for any text, and for the same text wherever it recurs. JSON
/// texts that begin with `{` were recorded as objects; arrays, strings and numbers as text.
struct RecordingMatcher {
    typealias Bindings = [String: String]

    struct Mismatch: Error, CustomStringConvertible {
        let place: String
        let expected: String
        let actual: String

        var description: String { "\(place)\n  expected \(expected.prefix(500))\n  actual   \(actual.prefix(500))" }
    }

    private static let alwaysWild: Set<String> = [
        "timestamp", "datetime", "date", "RequestId", "X-Amzn-Trace-Id", "x-amz-crc32", "x-amzn-RequestId",
        "x-amzn-requestid",
    ]
    private static let metadata: Set<String> = ["SdkHttpMetadata", "SdkResponseMetadata"]

    private let wild: Set<String>
    private let words: Set<String>
    private let token: NSRegularExpression
    private let iso: NSRegularExpression

    init(placeholders: [String], wild: [String]) throws {
        let tokens = "<<[^<>\\s]+>:\\d+>|<[A-Za-z][\\w.:-]*>|<[A-Za-z][\\w -]*:\\d+>"
        let plain = try NSRegularExpression(pattern: tokens)
        let own = placeholders.filter { text in
            !text.isEmpty && plain.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) == nil
        }
        words = Set(["snf_role_arn", "sfn_role_arn", "111111111111"] + own)
        let escaped = words.sorted { $0.count > $1.count }.map(NSRegularExpression.escapedPattern(for:))
        token = try NSRegularExpression(pattern: ([tokens] + escaped).joined(separator: "|"))
        iso = try NSRegularExpression(
            pattern: "\\d{4}-\\d\\d-\\d\\dT[0-2]\\d:[0-5]\\d:[0-5]\\d(?:\\.\\d{1,9})?(?:Z|[+-][01]\\d:?(?:[0-5]\\d)?)"
        )
        self.wild = Self.alwaysWild.union(wild.filter { !$0.hasPrefix("@") })
    }

    // MARK: - Values

    func match(
        _ expected: JSONValue,
        _ actual: JSONValue,
        at place: String,
        _ bindings: inout Bindings
    ) throws(Mismatch) {
        let mismatch = Mismatch(place: place, expected: expected.text, actual: actual.text)
        switch expected {
        case .object, .array:
            var actual = actual
            if let text = actual.string {
                guard let parsed = try? JSONValue(parsing: text) else { throw mismatch }
                actual = parsed
            }
            if let elements = expected.array {
                guard let others = actual.array, others.count == elements.count else { throw mismatch }
                for (index, pair) in zip(elements, others).enumerated() {
                    try match(pair.0, pair.1, at: "\(place)[\(index)]", &bindings)
                }
            } else if let members = expected.object {
                guard let others = actual.object else { throw mismatch }
                try match(members, others, at: place, &bindings)
            }
        case .string(let text):
            guard !wild.contains(text) else { return }
            guard let other = actual.string, matches(text, other, &bindings) else { throw mismatch }
        case .number, .bool, .null:
            var actual = actual
            if let text = actual.string, let parsed = try? JSONValue(parsing: text) { actual = parsed }
            // An integer and a decimal fraction are different things here.
            let isSameKind = expected.number.map(Self.isFraction) == actual.number.map(Self.isFraction)
            guard expected == actual, isSameKind else { throw mismatch }
        }
    }

    private func match(
        _ expected: JSONObject,
        _ actual: JSONObject,
        at place: String,
        _ bindings: inout Bindings
    ) throws(Mismatch) {
        let names = Set(expected.keys)
        let others = Set(actual.keys)
        guard names == others else {
            throw Mismatch(
                place: place,
                expected: "\(names.subtracting(others).sorted())",
                actual: "\(others.subtracting(names).sorted())"
            )
        }
        for (name, value) in expected where !Self.metadata.contains(name) {
            try match(value, actual[name] ?? .null, at: "\(place).\(name)", &bindings)
        }
    }

    private static func isFraction(_ number: JSONNumber) -> Bool {
        number.spelling.contains { ".eE".contains($0) }
    }

    // MARK: - Texts

    func matches(_ expected: String, _ actual: String, _ bindings: inout Bindings) -> Bool {
        if expected == actual { return true }
        let actual = iso.stringByReplacingMatches(
            in: actual,
            range: NSRange(actual.startIndex..., in: actual),
            withTemplate: "date"
        )
        if expected == actual { return true }
        if expected.hasPrefix("{"), actual.hasPrefix("{"), let left = try? JSONValue(parsing: expected),
            let right = try? JSONValue(parsing: actual), left == right
        {
            return true
        }
        guard let bound = unify(parts(of: expected)[...], Array(actual.unicodeScalars)[...], bindings) else {
            return false
        }
        bindings = bound
        return true
    }

    private enum Part {
        case literal([Unicode.Scalar])
        case placeholder(String)
    }

    private func parts(of text: String) -> [Part] {
        var parts: [Part] = []
        var last = text.startIndex
        for match in token.matches(in: text, range: NSRange(text.startIndex..., in: text)) {
            guard let range = Range(match.range, in: text) else { continue }
            parts.append(.literal(Array(text[last..<range.lowerBound].unicodeScalars)))
            parts.append(.placeholder(String(text[range])))
            last = range.upperBound
        }
        return parts + [.literal(Array(text[last...].unicodeScalars))]
    }

    /// Finds what the placeholders stand for, each for as little as it can.
    private func unify(
        _ parts: ArraySlice<Part>,
        _ text: ArraySlice<Unicode.Scalar>,
        _ bindings: Bindings
    ) -> Bindings? {
        guard let part = parts.first else { return text.isEmpty ? bindings : nil }
        let rest = parts.dropFirst()
        switch part {
        case .literal(let literal):
            guard text.starts(with: literal) else { return nil }
            return unify(rest, text.dropFirst(literal.count), bindings)
        case .placeholder(let name):
            if let value = bindings[name].map({ Array($0.unicodeScalars) }) {
                guard text.starts(with: value) else { return nil }
                return unify(rest, text.dropFirst(value.count), bindings)
            }
            let own = Array(name.unicodeScalars)
            if words.contains(name), text.starts(with: own) {
                var bound = bindings
                bound[name] = name
                if let found = unify(rest, text.dropFirst(own.count), bound) { return found }
            }
            for end in text.indices {
                var bound = bindings
                bound[name] = String(String.UnicodeScalarView(text[...end]))
                if let found = unify(rest, text[text.index(after: end)...], bound) { return found }
            }
            return nil
        }
    }
}
