import JSON

/// What tags mean: YAML's own, and CloudFormation's short forms of its functions.
enum YAMLTag {
    /// How YAML's own tags begin, `!!` for short.
    static let standard = "tag:yaml.org,2002:"

    /// CloudFormation's functions that have a short form.
    private static let functions: Set<String> = [
        "And", "Base64", "Cidr", "Equals", "FindInMap", "GetAZs", "GetAtt", "If", "ImportValue", "Join", "Length",
        "Not",
        "Or", "Select", "Split", "Sub", "ToJsonString", "Transform",
    ]

    /// Returns a value with its tag applied; CloudFormation's become their long form, `!Sub x` the object
    /// `{"Fn::Sub": "x"}`.
    static func value(_ value: JSONValue, tagged tag: String?, at place: YAMLPlace) throws(YAMLError) -> JSONValue {
        guard let tag, tag != "!" else { return value }
        switch (tag, value) {
        case (standard + "map", .object), (standard + "seq", .array):
            return value
        case ("!Ref", _), ("!Condition", _):
            return [String(tag.dropFirst()): value]
        case ("!GetAtt", .string(let path)):
            // The resource's name ends at the first point; an attribute's may have more of them.
            let parts = path.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
            return ["Fn::GetAtt": .array(parts.map { .string(String($0)) })]
        default:
            guard tag.hasPrefix("!"), functions.contains(String(tag.dropFirst())) else {
                throw YAMLError("an unknown tag", at: place)
            }
            return ["Fn::\(tag.dropFirst())": value]
        }
    }
}
