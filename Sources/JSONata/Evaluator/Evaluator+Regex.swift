extension Evaluator {
    /// What a pattern finds in a text: an object that tells where, and has a function for what follows.
    func match(_ regex: Regex, _ source: String, _ text: RegexInput, from start: Int) throws(Fault) -> Value {
        guard let found = try find(regex, text, from: start) else { return .undefined }
        let result = ObjectValue()
        result.set("match", try allocate(found.text))
        result.set("start", .number(Double(found.range.lowerBound)))
        result.set("end", .number(Double(found.range.upperBound)))
        result.set("groups", try makeArray(found.groups))
        // As in JavaScript, where an empty match leaves the search standing.
        result.set(
            "next",
            try makeFunction(.nextMatch(regex, source: source, text: text, from: found.range.upperBound))
        )
        return .object(result)
    }

    func nextMatch(_ regex: Regex, _ source: String, _ text: RegexInput, from start: Int) throws(Fault) -> Value {
        guard start < text.units.count else { return .undefined }
        guard let found = try find(regex, text, from: start) else { return .undefined }
        if found.range.isEmpty { throw Fault("D1004", .init(value: Quotation.quoted(source))) }
        return try match(regex, source, text, from: start)
    }

    struct Match {
        let range: Range<Int>
        let text: String
        let groups: [Value]
    }

    func find(_ regex: Regex, _ text: RegexInput, from start: Int) throws(Fault) -> Match? {
        try spend()
        var matcher = RegexMatcher(regex, text, self)
        guard let range = try matcher.search(from: start) else { return nil }
        var groups: [Value] = []
        if regex.groupCount > 0 {
            for group in 1...regex.groupCount {
                let begin = matcher.saved[2 * group]
                let end = matcher.saved[2 * group + 1]
                groups.append(begin >= 0 && end >= begin ? try allocate(text.text(begin..<end)) : .undefined)
            }
        }
        return Match(range: range, text: text.text(range), groups: groups)
    }
}
