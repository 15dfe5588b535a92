import JSON

/// Strings: format and split.
extension IntrinsicEvaluator {
    /// The template with each `{}` replaced by the next argument.
    func format(_ values: IntrinsicValues, template: IntrinsicArgument?) throws(IntrinsicFailure) -> JSONValue {
        var string = IntrinsicString(try values.string(0))
        if case .string(let literal) = template { string = literal }
        let parts = try Self.parts(of: string)
        guard parts.count == values.count else {
            throw values.invalid("number of arguments do not match the occurrences of {}.")
        }
        var text = parts[0]
        for (value, part) in zip(values.values.dropFirst(), parts.dropFirst()) { text += value.naturalForm + part }
        return .string(text)
    }

    /// Cuts a template at its `{}`.
    ///
    /// A brace behind a backslash stands for itself. In a literal the backslashes are gone already; in a template from
    /// data only those before braces and backslashes count.
    private static func parts(of template: IntrinsicString) throws(IntrinsicFailure) -> [String] {
        var parts: [String] = []
        var part = String.UnicodeScalarView()
        let scalars = Array(template.text.unicodeScalars)
        let isLiteral = !template.escaped.isEmpty
        var position = 0
        while position < scalars.count {
            var scalar = scalars[position]
            var isEscaped = template.escaped.contains(position)
            position += 1
            if !isLiteral, scalar == "\\", position < scalars.count, ["{", "}", "\\"].contains(scalars[position]) {
                scalar = scalars[position]
                isEscaped = true
                position += 1
            }
            guard scalar == "{", !isEscaped else {
                part.append(scalar)
                continue
            }
            guard position < scalars.count, scalars[position] == "}", !template.escaped.contains(position) else {
                throw IntrinsicFailure("Invalid template in States.Format: matching '}' not found for '{'.")
            }
            position += 1
            parts.append(String(part))
            part = .init()
        }
        return parts + [String(part)]
    }

    /// The parts of the first string between characters of the second one; empty parts are dropped.
    func stringSplit(_ values: IntrinsicValues) throws(IntrinsicFailure) -> JSONValue {
        let text = try values.string(0)
        let delimiters = Set(try values.string(1).unicodeScalars)
        return .array(text.unicodeScalars.split { delimiters.contains($0) }.map { .string(String($0)) })
    }
}
