/// The `${NAME}` of a definition, which CloudFormation calls substitutions.
enum Placeholders {
    /// Replaces what is known, in the text as it stands, so that `"Seconds": ${Delay}` becomes a number.
    ///
    /// - Returns: The text, and the names that nothing stands for, in the order in which they first appear.
    static func replace<Failure: Error>(
        in text: String,
        with values: (_ name: String) throws(Failure) -> String?
    ) throws(Failure) -> (text: String, unknown: [String]) {
        try replace(in: text) { name, _ throws(Failure) in try values(name) }
    }

    /// The same, by values that may depend on what stands before the name.
    static func replace<Failure: Error>(
        in text: String,
        by values: (_ name: String, _ before: Substring) throws(Failure) -> String?
    ) throws(Failure) -> (text: String, unknown: [String]) {
        var result = ""
        var unknown: [String] = []
        var rest = text[...]
        while let dollar = rest.firstRange(of: "${"), let end = rest[dollar.upperBound...].firstIndex(of: "}") {
            let name = String(rest[dollar.upperBound..<end])
            result += rest[..<dollar.lowerBound]
            if isName(name) {
                if let value = try values(name, text[..<dollar.lowerBound]) {
                    result += value
                } else {
                    result += "${\(name)}"
                    if !unknown.contains(name) { unknown.append(name) }
                }
                rest = rest[rest.index(after: end)...]
            } else if name.hasPrefix("!") {
                // CloudFormation's way of writing a literal ${NAME}.
                result += "${\(name.dropFirst())}"
                rest = rest[rest.index(after: end)...]
            } else {
                result += "${"
                rest = rest[dollar.upperBound...]
            }
        }
        return (result + rest, unknown)
    }

    /// Names of resources and parameters, their attributes (`Function.Arn`) and pseudo parameters (`AWS::Region`).
    private static func isName(_ text: String) -> Bool {
        !text.isEmpty
            && text.unicodeScalars.allSatisfy { scalar in
                switch scalar {
                case "a"..."z", "A"..."Z", "0"..."9", "_", "-", ".", ":": true
                default: false
                }
            }
    }
}
