import JSON

/// What is odd about a definition but not wrong.
///
/// Codes are AWS's; the texts are Braid's. Source: reference §1.
enum Warnings {
    /// Warns of values in a template that look like a path or a call, under a key that does not say that they are.
    static func check(template name: String, of fields: Fields) {
        guard fields.language == .jsonPath, let value = fields.object[name] else { return }
        walk(value, at: fields.place(of: name)) { key, value, place in
            guard let key, !key.hasSuffix(".$"), looksLikePathOrCall(value) else { return }
            fields.findings.warn(
                .noDollar,
                "The value of '\(key)' looks like a path or an intrinsic function, but the field's name does not end in "
                    + "'.$': it is passed on as it stands",
                at: place
            )
        }
    }

    /// Warns of a field that looks like a path where its `Path` form exists.
    static func check(literal name: String, of fields: Fields) {
        guard fields.language == .jsonPath, let text = fields.object[name]?.string, looksLikePathOrCall(text) else {
            return
        }
        fields.findings.warn(
            .noPath,
            "The value of '\(name)' looks like a path, but the field's name does not end in 'Path'",
            at: fields.place(of: name)
        )
    }

    /// Warns of a Pass state's `Result` that tries to use a path: it is passed on as it stands.
    static func check(resultOf fields: Fields) {
        guard fields.language == .jsonPath, let value = fields.object["Result"] else { return }
        var isFound = false
        walk(value, at: fields.place(of: "Result")) { key, text, place in
            guard !isFound, key?.hasSuffix(".$") == true || looksLikePathOrCall(text) else { return }
            isFound = true
            fields.findings.warn(
                .passResultIsStatic,
                "The Result of a Pass state is static: paths and intrinsic functions in it are not evaluated",
                at: place
            )
        }
    }

    private static func looksLikePathOrCall(_ text: String) -> Bool {
        text == "$" || text == "$$" || text.hasPrefix("$.") || text.hasPrefix("$$.") || text.hasPrefix("$[")
            || (text.hasPrefix("States.") && text.hasSuffix(")") && text.contains("("))
    }

    /// Calls `body` with each string in a value, the key it stands under, and its place.
    private static func walk(
        _ value: JSONValue,
        under key: String? = nil,
        at place: JSONPointer,
        _ body: (String?, String, JSONPointer) -> Void
    ) {
        switch value {
        case .string(let text): body(key, text, place)
        case .array(let elements):
            for (index, element) in elements.enumerated() { walk(element, at: place.appending(index), body) }
        case .object(let members):
            for member in members {
                walk(member.value, under: member.key, at: place.appending(member.key), body)
            }
        case .null, .bool, .number: break
        }
    }
}
