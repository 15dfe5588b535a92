import JSON

/// Follows steps from a value, all matches of one step before the next.
struct PathEvaluator {
    /// What `$` stands for, also within a filter.
    let root: JSONValue
    /// How many values may still be visited: `..` after `..` grows without bound otherwise.
    private var budget = 1_000_000
    /// How many steps matching patterns may still take.
    private var patternBudget = 20_000_000

    init(root: JSONValue) { self.root = root }

    /// Returns the one value of definite steps or of a function, otherwise an array of all matches.
    mutating func evaluate(_ path: PathSteps, on value: JSONValue) throws(PathError) -> JSONValue {
        let matches = try matches(of: path, on: value)
        var result: JSONValue
        if path.areDefinite {
            guard let match = matches.last else { throw .noResult(path: path.description) }
            result = match
        } else {
            result = .array(matches)
        }
        if let function = path.function {
            guard let value = function.apply(to: result) else {
                throw .inapplicable(function: "\(function.name)()", path: path.prefix(path.steps.count))
            }
            result = value
        }
        return result
    }

    private mutating func matches(of path: PathSteps, on value: JSONValue) throws(PathError) -> [JSONValue] {
        // A path that may match several values has no match where its beginning leads nowhere, and that is no error.
        // Source: recorded test_json_path_array_wildcard_or_slice_with_no_input.
        let yieldsMatches = !path.areDefinite
        var matches = [value]
        var isDefinite = true
        for (number, step) in path.steps.enumerated() {
            let isLast = number == path.steps.count - 1
            var next: [JSONValue] = []
            for match in matches {
                if isDefinite, !yieldsMatches { try require(step, number, of: path, on: match) }
                try take(step, isLast: isLast, on: match, into: &next)
            }
            guard budget >= 0 else { throw .tooManyValues(path: path.description) }
            isDefinite = isDefinite && step.isDefinite(isLast: isLast)
            matches = next
            if matches.isEmpty, yieldsMatches { return [] }
            if isDefinite, !isLast, matches.isEmpty {
                if case .property = step { throw .missingProperty(path: path.prefix(number + 1)) }
                throw .noResult(path: path.description)
            }
        }
        return matches
    }

    /// Checks that a step suits the one value that definite steps have led to; behind others, what does not suit is no
    /// match.
    private func require(
        _ step: PathStep,
        _ number: Int,
        of path: PathSteps,
        on value: JSONValue
    ) throws(PathError) {
        switch (step, value) {
        case (.property, .object), (.properties, .object), (.wildcard, _), (.descent, _): return
        case (.index, .array), (.indexes, .array), (.slice, .array), (.filter, .array), (.filter, .object): return
        case (.property, _), (.properties, _):
            throw .notAnObject(property: step.description, path: path.prefix(number))
        default:
            throw .notAnArray(step: step.description, path: path.prefix(number))
        }
    }

    private mutating func take(
        _ step: PathStep,
        isLast: Bool,
        on value: JSONValue,
        into matches: inout [JSONValue]
    ) throws(PathError) {
        let before = matches.count
        switch (step, value) {
        case (.property(let name), .object(let members)):
            if let member = members[name] { matches.append(member) }
        case (.properties(let names), .object(let members)):
            let found = names.compactMap { name in members[name].map { (key: name, value: $0) } }
            if isLast { matches.append(.object(JSONObject(found))) } else { matches += found.map(\.value) }
        case (.index(let index), .array(let elements)):
            take([index], of: elements, into: &matches)
        case (.indexes(let indexes), .array(let elements)):
            take(indexes, of: elements, into: &matches)
        case (.slice(let from, let to), .array(let elements)):
            let start = Self.bound(from ?? 0, of: elements)
            let end = Self.bound(to ?? elements.count, of: elements)
            if start < end { matches += elements[start..<end] }
        case (.wildcard, .array(let elements)):
            matches += elements
        case (.wildcard, .object(let members)):
            matches += members.values
        case (.descent, _):
            try descend(into: value, collecting: &matches)
        case (.filter(let filter), .array(let elements)):
            for element in elements where try holds(filter, of: element) { matches.append(element) }
        case (.filter(let filter), .object):
            if try holds(filter, of: value) { matches.append(value) }
        default:
            break
        }
        budget -= 1 + matches.count - before
    }

    private func take(_ indexes: [Int], of elements: [JSONValue], into matches: inout [JSONValue]) {
        for index in indexes {
            let place = index < 0 ? elements.count + index : index
            if elements.indices.contains(place) { matches.append(elements[place]) }
        }
    }

    private static func bound(_ index: Int, of elements: [JSONValue]) -> Int {
        min(max(index < 0 ? elements.count + index : index, 0), elements.count)
    }

    /// Collects arrays and objects, outer ones first.
    ///
    /// Values are nested only as deeply as the parser lets them.
    private mutating func descend(into value: JSONValue, collecting matches: inout [JSONValue]) throws(PathError) {
        guard budget > matches.count else { throw .tooManyValues(path: "..") }
        switch value {
        case .array(let elements):
            matches.append(value)
            for element in elements { try descend(into: element, collecting: &matches) }
        case .object(let members):
            matches.append(value)
            for member in members { try descend(into: member.value, collecting: &matches) }
        case .null, .bool, .number, .string:
            break
        }
    }

    /// Whether a filter's expression is true of a value.
    private mutating func holds(_ filter: Filter, of value: JSONValue) throws(PathError) -> Bool {
        budget -= 1
        guard budget >= 0 else { throw .tooManyValues(path: "[?]") }
        switch filter {
        case .any(let filters):
            for filter in filters where try holds(filter, of: value) { return true }
            return false
        case .all(let filters):
            for filter in filters where try !holds(filter, of: value) { return false }
            return true
        case .not(let filter):
            return try !holds(filter, of: value)
        case .exists(let operand):
            switch try result(of: operand, on: value) {
            case nil: return false
            case .array(let matches) where !operand.isDefinite: return !matches.isEmpty
            default: return true
            }
        case .comparison(let left, let comparison, let right):
            let left = try result(of: left, on: value)
            return comparison.holds(left, try result(of: right, on: value))
        case .match(let operand, let pattern):
            let texts = Self.texts(try result(of: operand, on: value))
            let isMatch = texts.contains { pattern.matches($0, budget: &patternBudget) }
            guard patternBudget >= 0 else { throw .tooManyValues(path: "[?]") }
            return isMatch
        }
    }

    /// What a pattern is held against: an array's elements, each as Jayway reads it.
    private static func texts(_ value: JSONValue?) -> [String] {
        if let elements = value?.array { return elements.flatMap { $0.array == nil ? texts($0) : [""] } }
        switch value {
        case .string(let text): return [text]
        case .number(let number): return [number.spelling]
        case .bool(let bool): return [bool ? "true" : "false"]
        default: return [""]
        }
    }

    /// The value of an operand; `nil` if its path leads nowhere.
    private mutating func result(of operand: FilterOperand, on value: JSONValue) throws(PathError) -> JSONValue? {
        do {
            switch operand {
            case .literal(let literal): return literal
            case .current(let path): return try evaluate(path, on: value)
            case .root(let path): return try evaluate(path, on: root)
            }
        } catch {
            if case .tooManyValues = error { throw error }
            return nil
        }
    }
}
