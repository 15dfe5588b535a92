/// A match, as a pattern or any function that acts as one gives it.
struct FoundMatch {
    /// The matching text.
    let value: Value
    let start: Int
    let end: Int
    let groups: [Value]
    /// The match as the function gave it.
    let object: Value
}

/// The matches in a text, one after the other.
struct Matches {
    let input: RegexInput
    private let call: Invocation
    private let regex: Regex?
    private var following: Function?
    private var text: Value
    private var position = 0
    private var isFirst = true

    init(_ matcher: Function, _ text: String, _ call: Invocation) throws(Fault) {
        input = RegexInput(text)
        self.call = call
        self.text = .string(text)
        following = matcher
        if case .regex(let regex, _) = matcher.body { self.regex = regex } else { regex = nil }
    }

    mutating func next() throws(Fault) -> FoundMatch? {
        if let regex { return try nextMatch(of: regex) }
        guard let function = following else { return nil }
        let value = try call.apply(function, isFirst ? [text] : [])
        isFirst = false
        if value.isUndefined { return nil }
        guard let members = Members(value), let start = members["start"]?.double, let end = members["end"]?.double,
            let groups = members["groups"]?.list, let next = members["next"]?.function
        else { throw Fault("T1010") }
        following = next
        return FoundMatch(
            value: members["match"] ?? .undefined,
            start: Int(min(max(start, -1), 1e15)),
            end: Int(min(max(end, -1), 1e15)),
            groups: groups.array,
            object: value
        )
    }

    private mutating func nextMatch(of regex: Regex) throws(Fault) -> FoundMatch? {
        if !isFirst, position >= input.units.count { return nil }
        guard let found = try call.evaluator.find(regex, input, from: position) else { return nil }
        if !isFirst, found.range.isEmpty { throw Fault("D1004") }
        isFirst = false
        position = found.range.upperBound
        let value = try call.text(found.text)
        let object = ObjectValue()
        object.set("match", value)
        object.set("start", .number(Double(found.range.lowerBound)))
        object.set("end", .number(Double(found.range.upperBound)))
        object.set("groups", try call.evaluator.makeArray(found.groups))
        return FoundMatch(
            value: value,
            start: found.range.lowerBound,
            end: found.range.upperBound,
            groups: found.groups,
            object: .object(object)
        )
    }
}
