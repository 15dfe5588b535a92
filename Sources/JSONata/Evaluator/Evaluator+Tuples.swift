extension Evaluator {
    /// Evaluates a path that binds variables on its way.
    func tuples(_ steps: [Syntax], _ input: Value, _ frame: Frame) throws(Fault) -> TupleStream {
        var isStream = false
        var stream: TupleStream?
        var current = input.asList
        switch steps[0].kind {
        case .variable, .context: current = .single(input)
        default: break
        }
        for (index, step) in steps.enumerated() {
            if step.isTuple { isStream = true }
            if !isStream {
                // Steps before the first one that binds: as in any path.
                let value: Value
                if index == 0, step.isConstructor {
                    value = try evaluate(step, input.isArray ? input : try makeSequence([input]), frame)
                } else {
                    value = try joined(step, current, frame)
                }
                guard !value.isUndefined, value.list?.count != 0 else { return TupleStream([]) }
                current = value.asList
                continue
            }
            let next = try tupleStep(step, current, stream, frame)
            stream = next
        }
        return stream ?? TupleStream(current.array.map { Tuple(value: $0) })
    }

    /// One step of a path, as a path of its own.
    private func joined(_ step: Syntax, _ input: List, _ frame: Frame) throws(Fault) -> Value {
        var results: [Value] = []
        if case .sort(let terms) = step.kind {
            let sorted = try sort(.array(ArrayValue(input.array)), by: terms, step.position, frame)
            return try filtered(sorted, by: step.stages, frame)
        }
        for index in 0..<input.count {
            let result = try filtered(try evaluate(step, input[index], frame), by: step.stages, frame)
            switch result {
            case .undefined: break
            case .array(let array) where array.isConstructed: results.append(result)
            default: results.append(contentsOf: result.asList)
            }
        }
        return try makeSequence(results)
    }

    private func filtered(_ value: Value, by stages: [Stage], _ frame: Frame) throws(Fault) -> Value {
        var result = value
        for case .filter(let predicate) in stages { result = try filter(result, by: predicate, frame) }
        return result
    }

    private func tupleStep(
        _ step: Syntax,
        _ input: List,
        _ stream: TupleStream?,
        _ frame: Frame
    ) throws(Fault) -> TupleStream {
        if case .sort(let terms) = step.kind {
            let result = try sortedTuples(step, terms, input, stream, frame)
            return try applied(step.stages, to: result, frame)
        }
        let tuples = stream?.tuples ?? input.array.map { Tuple(value: $0) }
        var results: [Tuple] = []
        for tuple in tuples {
            let inner = Frame(parent: frame, tuple: tuple)
            let result = try evaluate(step, tuple.value, inner)
            if result.isUndefined { continue }
            if case .tuples(let nested) = result {
                for other in nested.tuples {
                    var joined = tuple
                    for binding in other.bindings { joined.bind(binding.name, binding.value) }
                    joined.value = other.value
                    results.append(joined)
                }
                continue
            }
            let list = result.asList
            try allocate(list.count * (tuple.bindings.count + 1))
            for place in 0..<list.count {
                var next = tuple
                if let focus = step.focus { next.bind(focus, list[place]) } else { next.value = list[place] }
                if let index = step.index { next.bind(index, .number(Double(place))) }
                if let ancestor = step.ancestor { next.bind(ancestor, tuple.value) }
                results.append(next)
            }
        }
        return try applied(step.stages, to: TupleStream(results), frame)
    }

    private func sortedTuples(
        _ step: Syntax,
        _ terms: [SortTerm],
        _ input: List,
        _ stream: TupleStream?,
        _ frame: Frame
    ) throws(Fault) -> TupleStream {
        if let stream { return try sort(stream, by: terms, step.position, frame) }
        let sorted = try sort(.array(ArrayValue(input.array)), by: terms, step.position, frame)
        var results: [Tuple] = []
        for (place, value) in sorted.asList.array.enumerated() {
            var tuple = Tuple(value: value)
            if let index = step.index { tuple.bind(index, .number(Double(place))) }
            results.append(tuple)
        }
        return TupleStream(results)
    }

    private func applied(_ stages: [Stage], to stream: TupleStream, _ frame: Frame) throws(Fault) -> TupleStream {
        var result = stream
        for stage in stages {
            switch stage {
            case .filter(let predicate): result = try filter(result, by: predicate, frame)
            case .index(let name):
                var tuples = result.tuples
                for place in tuples.indices { tuples[place].bind(name, .number(Double(place))) }
                result = TupleStream(tuples)
            }
        }
        return result
    }
}
