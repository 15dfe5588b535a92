import JSON

extension Evaluator {
    /// Evaluates the steps of a path, each on what the one before gave.
    func path(
        _ steps: [Syntax],
        keepsSingleton: Bool,
        _ node: Syntax,
        _ input: Value,
        _ frame: Frame
    ) throws(Fault) -> Value {
        var result: Value
        if steps.contains(where: \.isTuple) {
            let tuples = try tuples(steps, input, frame)
            if let group = node.group { return try self.group(.tuples(tuples), by: group, frame) }
            if node.isTuple { return .tuples(tuples) }
            result = try makeSequence(tuples.tuples.map(\.value))
        } else {
            result = try plainPath(steps, input, frame)
        }
        if keepsSingleton { result = try keepingSingleton(result) }
        if let group = node.group { result = try self.group(result, by: group, frame) }
        return result
    }

    private func keepingSingleton(_ value: Value) throws(Fault) -> Value {
        switch value {
        case .undefined, .elements: return value
        case .array(let array):
            // An array that a constructor made counts as one value.
            return array.isConstructed ? try makeSequence([value], keepsSingleton: true) : value
        case .sequence(let sequence): return .sequence(Sequence(sequence.items, keepsSingleton: true))
        default: return try makeSequence([value], keepsSingleton: true)
        }
    }

    private func plainPath(_ steps: [Syntax], _ input: Value, _ frame: Frame) throws(Fault) -> Value {
        var current = input
        var first = 0
        if case .variable = steps[0].kind {
            current = try step(steps[0], .single(input), isLast: steps.count == 1, frame)
            first = 1
        } else if case .context = steps[0].kind {
            current = try step(steps[0], .single(input), isLast: steps.count == 1, frame)
            first = 1
        } else if steps[0].isConstructor {
            let context = input.isArray ? input : try makeSequence([input])
            current = try evaluate(steps[0], context, frame)
            first = 1
        }
        // An empty array that stands first is what the path gives.
        if first == 1, steps.count > 1, isNothing(current) { return steps[0].isConstructor ? current : .undefined }
        for index in first..<max(first, steps.count) {
            current = try step(steps[index], current.asList, isLast: index == steps.count - 1, frame)
            if index < steps.count - 1, isNothing(current) { return .undefined }
        }
        return current
    }

    private func isNothing(_ value: Value) -> Bool { value.isUndefined || value.list?.count == 0 }

    /// Evaluates one step on each value; what several give is joined.
    ///
    /// A sequence of one value may come as that value.
    private func step(_ step: Syntax, _ input: List, isLast: Bool, _ frame: Frame) throws(Fault) -> Value {
        if case .sort(let terms) = step.kind {
            let sorted = try sort(Self.value(of: input), by: terms, step.position, frame)
            return try stages(step.stages, sorted, frame)
        }
        if input.count == 1 {
            let result = try stepValue(step, input[0], frame)
            switch result {
            case .array(let array) where array.isConstructed && !isLast: return try makeSequence([result])
            case .sequence(let sequence) where sequence.keepsSingleton && sequence.items.count == 1:
                // Whether one value stays a sequence is the path's matter, not the step's.
                return flattened(sequence.items[0], isLast: isLast)
            default: return result
            }
        }
        var results: [Value] = []
        var lone = Value.undefined
        var count = 0
        for index in 0..<input.count {
            let result: Value
            if let name = step.plainName {
                try spend()
                result = try lookup(name, in: input[index])
            } else {
                result = try stepValue(step, input[index], frame)
            }
            switch result {
            case .undefined: continue
            case .array(let array) where array.isConstructed: results.append(result)
            case .elements(let values): results.append(contentsOf: List.json(values))
            case .array(let array): results.append(contentsOf: array.items)
            case .sequence(let sequence): append(sequence, to: &results, isName: step.plainName != nil)
            default: results.append(result)
            }
            count += 1
            lone = result
        }
        if isLast, count == 1 {
            switch lone {
            case .elements, .array: return lone
            default: break
            }
        }
        return try makeSequence(results)
    }

    /// Appends what a lookup gave, of which a single value stands for itself: if it is an array, that is joined, too.
    private func append(_ sequence: Sequence, to results: inout [Value], isName: Bool) {
        if isName, sequence.items.count == 1 {
            switch sequence.items[0] {
            case .elements(let values): results.append(contentsOf: List.json(values))
            case .array(let array) where !array.isConstructed: results.append(contentsOf: array.items)
            default: results.append(sequence.items[0])
            }
            return
        }
        results.append(contentsOf: sequence.items)
    }

    private func flattened(_ value: Value, isLast: Bool) -> Value { .sequence(Sequence([value])) }

    private static func value(of list: List) -> Value {
        switch list {
        case .single(let value): value
        case .json(let values): .elements(values)
        case .values(let values): .array(ArrayValue(values))
        }
    }

    private func stepValue(_ step: Syntax, _ input: Value, _ frame: Frame) throws(Fault) -> Value {
        let result = try evaluate(step, input, frame)
        return step.stages.isEmpty ? result : try stages(step.stages, result, frame)
    }

    private func stages(_ stages: [Stage], _ input: Value, _ frame: Frame) throws(Fault) -> Value {
        var result = input
        for case .filter(let predicate) in stages { result = try filter(result, by: predicate, frame) }
        return result
    }

    // MARK: - Names

    /// The member of that name; of an array, those of all its objects.
    func lookup(_ name: String, in input: Value) throws(Fault) -> Value {
        switch input {
        case .members(let object): return Value(object[name])
        case .object(let object): return object[name] ?? .undefined
        case .elements, .array, .sequence, .tuples:
            var results: [Value] = []
            try lookup(name, in: input.asList, &results)
            return try makeSequence(results)
        default: return .undefined
        }
    }

    private func lookup(_ name: String, in list: List, _ results: inout [Value]) throws(Fault) {
        try spend(list.count)
        for index in 0..<list.count {
            let item = list[index]
            switch item {
            case .members(let object):
                switch object[name] {
                case nil: break
                case .array(let values)?: results.append(contentsOf: List.json(values))
                case let value?: results.append(Value(value))
                }
            case .object(let object):
                guard let value = object[name] else { break }
                results.append(contentsOf: value.isUndefined ? .values([]) : value.asList)
            case .elements, .array, .sequence, .tuples:
                try lookup(name, in: item.asList, &results)
            default: break
            }
        }
    }

    /// `*`: the values of an object's members, or of an array, arrays joined.
    func children(of input: Value) throws(Fault) -> Value {
        let input = input.unwrapped
        var results: [Value] = []
        // Once an array has been joined, the result is an array: one value stays an array.
        var isSequence = true
        func add(_ value: Value) throws(Fault) {
            if value.isArray {
                try flatten(value, into: &results)
                isSequence = false
            } else if !value.isUndefined {
                results.append(value)
            }
        }
        if let members = Members(input) {
            try members.forEach { _, value throws(Fault) in try add(value) }
        } else if let list = input.list {
            for index in 0..<list.count { try add(list[index]) }
        }
        try spend(results.count)
        return isSequence ? try makeSequence(results) : try makeArray(results)
    }

    private func flatten(_ value: Value, into results: inout [Value]) throws(Fault) {
        guard let list = value.list else {
            results.append(value)
            return
        }
        try spend(list.count)
        for index in 0..<list.count { try flatten(list[index], into: &results) }
    }

    /// `**`: the value, and everything below it but arrays.
    func descendants(of input: Value) throws(Fault) -> Value {
        if input.isUndefined { return .undefined }
        var results: [Value] = []
        try descend(input, into: &results)
        return results.count == 1 ? results[0] : try makeSequence(results)
    }

    private func descend(_ value: Value, into results: inout [Value]) throws(Fault) {
        try spend()
        if let list = value.list {
            for index in 0..<list.count { try descend(list[index], into: &results) }
            return
        }
        results.append(value)
        try Members(value)?.forEach { _, member throws(Fault) in try descend(member, into: &results) }
    }
}
