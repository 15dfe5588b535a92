extension Builtin {
    /// Functions on arrays.
    static let arrays: [Builtin] = [
        Builtin("append", "<xx:a>", arity: 2) { call throws(Fault) in
            if call[0].isUndefined { return call[1] }
            if call[1].isUndefined { return call[0] }
            var items = call[0].asList.array
            items.append(contentsOf: call[1].asList)
            return try call.evaluator.makeArray(items)
        },
        Builtin("reverse", "<a:a>", arity: 1) { call throws(Fault) in
            guard let list = call[0].list, list.count > 1 else { return call[0] }
            return try call.evaluator.makeArray(list.array.reversed())
        },
        Builtin("shuffle", "<a:a>", arity: 1) { call throws(Fault) in
            guard let list = call[0].list, list.count > 1 else { return call[0] }
            var items = list.array
            for index in items.indices.dropFirst() {
                items.swapAt(index, Int((call.evaluator.nextRandom() * Double(index + 1)).rounded(.down)))
            }
            return try call.evaluator.makeArray(items)
        },
        Builtin("distinct", "<x:x>", arity: 1) { call throws(Fault) in
            guard let list = call[0].list, list.count > 1 else { return call[0] }
            var kept: [Value] = []
            var known: [ValueKey: [Int]] = [:]
            for index in 0..<list.count {
                let value = list[index]
                let key = try ValueKey(value, call.evaluator)
                var isKnown = false
                for place in known[key] ?? [] where !isKnown {
                    isKnown = try call.evaluator.isEqual(kept[place], value)
                }
                guard !isKnown else { continue }
                known[key, default: []].append(kept.count)
                kept.append(value)
            }
            if case .sequence = call[0] { return try call.evaluator.makeSequence(kept) }
            return try call.evaluator.makeArray(kept)
        },
        Builtin("sort", "<af?:a>", arity: 2) { call throws(Fault) in
            if call[0].isUndefined { return .undefined }
            let items = call[0].asList.array
            guard items.count > 1 else { return call[0] }
            if let function = call.function(1) {
                return try call.evaluator.makeArray(
                    try call.evaluator.mergeSorted(items) { left, right throws(Fault) in
                        try call.evaluator.isTrue(try call.apply(function, [left, right]))
                    }
                )
            }
            return try call.evaluator.makeArray(try sorted(items, call))
        },
        Builtin("zip", "<a+>", arity: 0) { call throws(Fault) in
            let lists = call.arguments.map(\.list)
            let count = lists.map { $0?.count ?? 0 }.min() ?? 0
            var rows: [Value] = []
            for index in 0..<count {
                rows.append(try call.evaluator.makeArray(lists.map { $0?[index] ?? .undefined }))
            }
            return try call.evaluator.makeArray(rows)
        },
    ]

    /// Numbers or texts in order; anything else is a fault.
    private static func sorted(_ items: [Value], _ call: Invocation) throws(Fault) -> [Value] {
        if items.allSatisfy({ $0.double != nil }) {
            let keys = items.map { $0.double ?? 0 }
            let order = try call.evaluator.mergeSorted(Array(items.indices)) { keys[$0] > keys[$1] }
            return order.map { items[$0] }
        }
        guard items.allSatisfy({ $0.string != nil }) else { throw Fault("D3070", .init(index: 1)) }
        return try call.evaluator.mergeSorted(items) { left, right throws(Fault) in
            (left.string ?? "").utf16Order(to: right.string ?? "") > 0
        }
    }
}

/// What equal values share: looking for a value among many costs no more than among few.
struct ValueKey: Hashable {
    private let hash: Int

    init(_ value: Value, _ evaluator: Evaluator) throws(Fault) {
        var hasher = Hasher()
        try Self.combine(value, into: &hasher, evaluator)
        hash = hasher.finalize()
    }

    private static func combine(_ value: Value, into hasher: inout Hasher, _ evaluator: Evaluator) throws(Fault) {
        try evaluator.spend()
        switch value {
        case .undefined, .null, .function: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .number, .spelled: hasher.combine(value.double)
        case .string(let text): hasher.combine(text)
        case .elements, .array, .sequence, .tuples:
            guard let list = value.list else { return }
            hasher.combine(list.count)
            for index in 0..<list.count { try combine(list[index], into: &hasher, evaluator) }
        case .members, .object:
            guard let members = Members(value) else { return }
            // Order does not count.
            var sum = 0
            try members.forEach { name, member throws(Fault) in
                var each = Hasher()
                each.combine(name)
                try combine(member, into: &each, evaluator)
                sum &+= each.finalize()
            }
            hasher.combine(members.count)
            hasher.combine(sum)
        }
    }
}
