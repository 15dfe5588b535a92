extension Builtin {
    /// Functions on objects.
    static let objects: [Builtin] = [
        Builtin("keys", "<x-:a<s>>", arity: 1) { call throws(Fault) in
            var names: [Value] = []
            var known: Set<ObjectKey> = []
            try keys(of: call[0], &names, &known, call.evaluator)
            return try call.evaluator.makeSequence(names)
        },
        Builtin("lookup", "<x-s:x>", arity: 2) { call throws(Fault) in
            guard let name = call.string(1) else { return .undefined }
            return try call.evaluator.lookup(name, in: call[0])
        },
        Builtin("spread", "<x-:a<o>>", arity: 1) { call throws(Fault) in
            var results: [Value] = []
            guard call[0].isArray || call[0].isObject else { return call[0] }
            try spread(call[0], &results, call.evaluator)
            // What an array holds stays an array, even of one.
            return call[0].isArray && !results.isEmpty
                ? try call.evaluator.makeArray(results) : try call.evaluator.makeSequence(results)
        },
        Builtin("merge", "<a<o>:o>", arity: 1) { call throws(Fault) in
            guard let list = call[0].list else { return .undefined }
            let result = ObjectValue()
            for index in 0..<list.count {
                guard let members = Members(list[index]) else { continue }
                try call.evaluator.allocate(members.count)
                try members.forEach { name, value throws(Fault) in result.set(name, value) }
            }
            try call.evaluator.checkNesting(result.depth)
            return .object(result)
        },
    ]

    private static func keys(
        of value: Value,
        _ names: inout [Value],
        _ known: inout Set<ObjectKey>,
        _ evaluator: Evaluator
    ) throws(Fault) {
        try evaluator.spend()
        if let list = value.list {
            for index in 0..<list.count { try keys(of: list[index], &names, &known, evaluator) }
            return
        }
        guard let members = Members(value) else { return }
        try evaluator.spend(members.count)
        for name in members.names where known.insert(ObjectKey(name)).inserted { names.append(.string(name)) }
    }

    /// Each member as an object of its own.
    private static func spread(_ value: Value, _ results: inout [Value], _ evaluator: Evaluator) throws(Fault) {
        try evaluator.spend()
        if let list = value.list {
            for index in 0..<list.count { try spread(list[index], &results, evaluator) }
            return
        }
        guard let members = Members(value) else {
            results.append(value)
            return
        }
        try evaluator.allocate(3 * members.count)
        try members.forEach { name, value throws(Fault) in
            let object = ObjectValue()
            object.set(name, value)
            results.append(.object(object))
        }
    }
}
