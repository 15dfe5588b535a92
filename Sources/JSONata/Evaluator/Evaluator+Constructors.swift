extension Evaluator {
    /// `[a, b]`: the values, arrays joined unless an item is itself a constructor.
    func array(_ items: [Syntax], isConstructed: Bool, _ input: Value, _ frame: Frame) throws(Fault) -> Value {
        var results: [Value] = []
        for item in items {
            let value = try evaluate(item, input, frame)
            if value.isUndefined { continue }
            if case .array = item.kind {
                results.append(value)
            } else if items.count == 1, case .sequence(let sequence) = value {
                results = sequence.items
            } else {
                results.append(contentsOf: value.asList)
            }
        }
        return try makeArray(results, isConstructed: isConstructed)
    }

    /// `{key: value}`: one member for each key that the values give, its value made of all that gave it.
    func group(_ input: Value, by group: Group, _ frame: Frame) throws(Fault) -> Value {
        if case .tuples(let stream) = input { return try self.group(stream, by: group, frame) }
        let list = input.asList
        var groups = KeyedGroups<Value>()
        for index in 0..<max(list.count, 1) {
            let item = list.count == 0 ? Value.undefined : list[index]
            for (pairIndex, pair) in group.pairs.enumerated() {
                guard let key = try key(of: pair, item, group, frame) else { continue }
                try groups.add(item, key: key, pair: pairIndex, at: group.position)
            }
        }
        try allocate(groups.entries.count + 2)
        let result = ObjectValue()
        for entry in groups.entries {
            let context: Value
            if entry.items.count == 1 {
                context = entry.items[0]
            } else {
                var joined: [Value] = []
                for item in entry.items { joined.append(contentsOf: item.asList) }
                context = try makeArray(joined)
            }
            let value = try evaluate(group.pairs[entry.pair].value, context, frame)
            if !value.isUndefined { result.set(entry.key, value) }
        }
        try checkNesting(result.depth)
        return .object(result)
    }

    private func key(of pair: Pair, _ item: Value, _ group: Group, _ frame: Frame) throws(Fault) -> String? {
        let key = try evaluate(pair.key, item, frame)
        if key.isUndefined { return nil }
        guard let text = key.string else { throw Fault("T1003", at: group.position, value: key) }
        return text
    }

    private func group(_ stream: TupleStream, by group: Group, _ frame: Frame) throws(Fault) -> Value {
        var groups = KeyedGroups<Tuple>()
        for tuple in stream.tuples {
            let inner = Frame(parent: frame, tuple: tuple)
            for (pairIndex, pair) in group.pairs.enumerated() {
                guard let key = try key(of: pair, tuple.value, group, inner) else { continue }
                try groups.add(tuple, key: key, pair: pairIndex, at: group.position)
            }
        }
        let result = ObjectValue()
        for entry in groups.entries {
            let joined = try joined(entry.items)
            let inner = Frame(parent: frame, tuple: joined)
            let value = try evaluate(group.pairs[entry.pair].value, joined.value, inner)
            if !value.isUndefined { result.set(entry.key, value) }
        }
        try checkNesting(result.depth)
        return .object(result)
    }

    /// One tuple of several: each variable holds what it holds in all of them.
    private func joined(_ tuples: [Tuple]) throws(Fault) -> Tuple {
        guard tuples.count > 1, var result = tuples.first else { return tuples.first ?? Tuple(value: .undefined) }
        func all(_ values: [Value]) throws(Fault) -> Value {
            var joined: [Value] = []
            for value in values where !value.isUndefined { joined.append(contentsOf: value.asList) }
            return try makeArray(joined)
        }
        result.value = try all(tuples.map(\.value))
        for index in result.bindings.indices {
            let name = result.bindings[index].name
            var values: [Value] = []
            for tuple in tuples {
                if let binding = tuple.bindings.first(where: { $0.name == name }) { values.append(binding.value) }
            }
            result.bindings[index].value = try all(values)
        }
        return result
    }
}

/// What gave each key, in the order in which the keys came.
private struct KeyedGroups<Item> {
    struct Entry {
        let key: String
        let pair: Int
        var items: [Item]
    }

    private(set) var entries: [Entry] = []
    private var places: [ObjectKey: Int] = [:]

    mutating func add(_ item: Item, key: String, pair: Int, at position: Int) throws(Fault) {
        let name = ObjectKey(key)
        if let place = places[name] {
            guard entries[place].pair == pair else {
                throw Fault("D1009", at: position, value: .string(key))
            }
            entries[place].items.append(item)
        } else {
            places[name] = entries.count
            entries.append(Entry(key: key, pair: pair, items: [item]))
        }
    }
}
