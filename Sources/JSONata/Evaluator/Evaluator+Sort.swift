extension Evaluator {
    /// `^(terms)`: the values in order; those that compare alike keep theirs.
    func sort(_ input: Value, by terms: [SortTerm], _ position: Int, _ frame: Frame) throws(Fault) -> Value {
        guard let list = input.list else { return input }
        let items = list.array
        let order = try order(of: items.count, by: terms, position) { index, term throws(Fault) in
            try self.evaluate(term.expression, items[index], frame)
        }
        return try makeSequence(order.map { items[$0] })
    }

    func sort(
        _ stream: TupleStream,
        by terms: [SortTerm],
        _ position: Int,
        _ frame: Frame
    ) throws(Fault) -> TupleStream {
        let tuples = stream.tuples
        let order = try order(of: tuples.count, by: terms, position) { index, term throws(Fault) in
            try self.evaluate(term.expression, tuples[index].value, Frame(parent: frame, tuple: tuples[index]))
        }
        return TupleStream(order.map { tuples[$0] })
    }

    private func order(
        of count: Int,
        by terms: [SortTerm],
        _ position: Int,
        _ evaluate: (Int, SortTerm) throws(Fault) -> Value
    ) throws(Fault) -> [Int] {
        // A term is evaluated once for a value, and only when the terms before did not decide.
        var keys: [[Value]] = Array(repeating: [], count: count)
        func key(_ index: Int, _ place: Int) throws(Fault) -> Value {
            while keys[index].count <= place {
                keys[index].append(try evaluate(index, terms[keys[index].count]))
            }
            return keys[index][place]
        }
        return try mergeSorted(Array(0..<count)) { left, right throws(Fault) in
            for place in terms.indices {
                let leftKey = try key(left, place)
                let rightKey = try key(right, place)
                let order = try self.order(leftKey, rightKey, position)
                guard order != 0 else { continue }
                if leftKey.isUndefined || rightKey.isUndefined { return order > 0 }
                return terms[place].isDescending ? order < 0 : order > 0
            }
            return false
        }
    }

    /// How two keys compare; what is missing comes last.
    private func order(_ left: Value, _ right: Value, _ position: Int) throws(Fault) -> Int {
        if left.isUndefined { return right.isUndefined ? 0 : 1 }
        if right.isUndefined { return -1 }
        func isSortable(_ value: Value) -> Bool { value.string != nil || value.double != nil }
        guard isSortable(left), isSortable(right) else {
            throw Fault("T2008", at: position, value: isSortable(left) ? right : left)
        }
        if let left = left.double, let right = right.double { return left == right ? 0 : left < right ? -1 : 1 }
        guard let leftText = left.string, let rightText = right.string else {
            throw Fault("T2007", at: position, .init(value: left.quoted, value2: right.quoted))
        }
        return leftText.utf16Order(to: rightText)
    }

    /// Sorts by merging; `isAfter` tells whether the first must stand behind the second.
    func mergeSorted<Item>(
        _ items: [Item],
        _ isAfter: (Item, Item) throws(Fault) -> Bool
    ) throws(Fault) -> [Item] {
        guard items.count > 1 else { return items }
        try allocate(items.count)
        var source = items
        var width = 1
        while width < source.count {
            var result: [Item] = []
            result.reserveCapacity(source.count)
            var start = 0
            while start < source.count {
                let middle = min(start + width, source.count)
                let end = min(start + 2 * width, source.count)
                var left = start
                var right = middle
                while left < middle, right < end {
                    try spend()
                    if try isAfter(source[left], source[right]) {
                        result.append(source[right])
                        right += 1
                    } else {
                        result.append(source[left])
                        left += 1
                    }
                }
                result += source[left..<middle]
                result += source[right..<end]
                start = end
            }
            source = result
            width *= 2
        }
        return source
    }
}
