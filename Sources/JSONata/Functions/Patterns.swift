extension Builtin {
    /// Functions that look for texts or patterns in texts.
    static let patterns: [Builtin] = [
        Builtin("contains", "<s-(sf):b>", arity: 2) { call throws(Fault) in
            guard let text = call.string(0) else { return .undefined }
            if let token = call.string(1) { return .bool(text.range(of: token, from: text.startIndex) != nil) }
            guard let matcher = call.function(1) else { return .bool(false) }
            var matches = try Matches(matcher, text, call)
            return .bool(try matches.next() != nil)
        },
        Builtin("match", "<s-f<s:o>n?:a<o>>", arity: 3) { call throws(Fault) in
            guard let text = call.string(0), let matcher = call.function(1) else { return .undefined }
            let limit = call.number(2)
            if let limit, limit < 0 { throw Fault("D3040", .init(value: call[2].quoted, index: 3)) }
            var results: [Value] = []
            if limit == nil || (limit ?? 0) > 0 {
                var matches = try Matches(matcher, text, call)
                while limit == nil || Double(results.count) < limit ?? 0, let match = try matches.next() {
                    let result = ObjectValue()
                    result.set("match", match.value)
                    result.set("index", .number(Double(match.start)))
                    result.set("groups", try call.evaluator.makeArray(match.groups))
                    try call.evaluator.allocate(4)
                    results.append(.object(result))
                }
            }
            return try call.evaluator.makeSequence(results)
        },
        Builtin("split", "<s-(sf)n?:a<s>>", arity: 3) { call throws(Fault) in
            guard let text = call.string(0) else { return .undefined }
            let limit = call.number(2)
            if let limit, limit < 0 { throw Fault("D3020", .init(value: call[2].quoted, index: 3)) }
            let most = limit.map { $0 >= 1e15 ? Int.max : Int($0.rounded(.down)) } ?? Int.max
            if let separator = call.string(1) { return try split(text, separator, most, call) }
            guard let matcher = call.function(1) else { return .undefined }
            return try split(text, matcher, most, call)
        },
        Builtin("replace", "<s-(sf)(sf)n?:s>", arity: 4) { call throws(Fault) in
            guard let text = call.string(0) else { return .undefined }
            if let pattern = call.string(1), pattern.isEmpty {
                throw Fault("D3010", .init(value: call[1].quoted, index: 2))
            }
            let limit = call.number(3)
            if let limit, limit < 0 { throw Fault("D3011", .init(value: call[3].quoted, index: 4)) }
            let most = limit.map { $0 >= 1e15 ? Int.max : Int($0.rounded(.up)) } ?? Int.max
            if let pattern = call.string(1) { return try replace(pattern, in: text, most, call) }
            guard let matcher = call.function(1) else { return call[0] }
            return try replace(matcher, in: text, most, call)
        },
    ]

    private static func split(
        _ text: String,
        _ separator: String,
        _ most: Int,
        _ call: Invocation
    ) throws(Fault) -> Value {
        var parts: [Value] = []
        if separator.isEmpty {
            for scalar in text.unicodeScalars {
                if parts.count >= most { break }
                parts.append(.string(String(Character(scalar))))
            }
        } else {
            var rest = text.startIndex
            while parts.count < most {
                guard let found = text.range(of: separator, from: rest) else {
                    parts.append(.string(String(text[rest...])))
                    break
                }
                parts.append(.string(String(text[rest..<found.lowerBound])))
                rest = found.upperBound
            }
        }
        try call.evaluator.allocate(text.utf8.count / 24)
        return try call.evaluator.makeArray(parts)
    }

    private static func split(
        _ text: String,
        _ matcher: Function,
        _ most: Int,
        _ call: Invocation
    ) throws(Fault) -> Value {
        var parts: [Value] = []
        guard most > 0 else { return try call.evaluator.makeArray(parts) }
        var matches = try Matches(matcher, text, call)
        var start = 0
        while parts.count < most, let match = try matches.next() {
            parts.append(try call.text(matches.input.text(start, match.start)))
            start = match.end
        }
        if parts.count < most { parts.append(try call.text(matches.input.text(start, matches.input.units.count))) }
        return try call.evaluator.makeSequence(parts, keepsSingleton: true)
    }

    // MARK: - Replacing

    private static func replace(
        _ pattern: String,
        in text: String,
        _ most: Int,
        _ call: Invocation
    ) throws(Fault) -> Value {
        var result = ""
        var rest = text.startIndex
        var count = 0
        while count < most, let found = text.range(of: pattern, from: rest) {
            result += text[rest..<found.lowerBound]
            if let replacement = call.string(2) {
                result += replacement
            } else if let function = call.function(2) {
                guard let replacement = try call.apply(function, [.string(pattern)]).string else {
                    throw Fault("D3012")
                }
                result += replacement
            }
            if count & 255 == 0 { try call.evaluator.spend(256) }
            if result.utf8.count > call.evaluator.environment.limits.memory * 24 { throw Evaluator.tooLarge }
            rest = found.upperBound
            count += 1
        }
        return try call.text(result + text[rest...])
    }

    private static func replace(
        _ matcher: Function,
        in text: String,
        _ most: Int,
        _ call: Invocation
    ) throws(Fault) -> Value {
        var matches = try Matches(matcher, text, call)
        var result = ""
        var start = 0
        var count = 0
        while count < most, let match = try matches.next() {
            if match.start == match.end { throw Fault("D1004") }
            result += matches.input.text(start, match.start)
            if let template = call.string(2) {
                result += filled(template, match)
            } else if let function = call.function(2) {
                let value = try call.apply(function, [match.object])
                guard let replacement = value.string else { throw Fault("D3012", .init(value: value.quoted)) }
                result += replacement
            }
            try call.evaluator.allocate(2)
            if result.utf8.count > call.evaluator.environment.limits.memory * 24 { throw Evaluator.tooLarge }
            start = match.end
            count += 1
        }
        if count == 0 { return call[0] }
        return try call.text(result + matches.input.text(start, matches.input.units.count))
    }

    /// The replacement with `$1` and its like filled in; `$$` is a dollar sign.
    private static func filled(_ template: String, _ match: FoundMatch) -> String {
        guard template.utf8.contains(UInt8(ascii: "$")) else { return template }
        let units = Array(template.utf16)
        var result: [UInt16] = []
        var index = 0
        while index < units.count {
            let unit = units[index]
            index += 1
            guard unit == UInt16(ascii: "$") else {
                result.append(unit)
                continue
            }
            if index < units.count, units[index] == UInt16(ascii: "$") {
                result.append(unit)
                index += 1
                continue
            }
            if index < units.count, units[index] == UInt16(ascii: "0") {
                result += Array((match.value.string ?? "").utf16)
                index += 1
                continue
            }
            // As many digits as there can be groups; `$12` is `$1` and a 2 where there are fewer than twelve.
            var digits = match.groups.isEmpty ? 1 : String(match.groups.count).utf8.count
            var number: Int?
            while digits > 0 {
                let end = min(index + digits, units.count)
                let text = units[index..<end]
                if !text.isEmpty, text.allSatisfy(\.isDigit) { number = Int(String(decoding: text, as: UTF16.self)) }
                if let found = number, found <= match.groups.count || digits == 1 {
                    digits = text.count
                    break
                }
                number = nil
                digits -= 1
            }
            guard let number else {
                result.append(unit)
                continue
            }
            index += digits
            if number >= 1, number <= match.groups.count, let group = match.groups[number - 1].string {
                result += Array(group.utf16)
            }
        }
        return String(decoding: result, as: UTF16.self)
    }
}

extension RegexInput {
    /// A part of the text, however its bounds were come by.
    func text(_ start: Int, _ end: Int) -> String {
        let from = min(max(start, 0), units.count)
        return text(from..<max(from, min(end, units.count)))
    }
}
