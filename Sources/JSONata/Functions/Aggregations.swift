extension Builtin {
    /// Functions that make one number of many.
    static let aggregations: [Builtin] = [
        Builtin("sum", "<a<n>:n>", arity: 1) { call throws(Fault) in
            try numbers(call).map { .number($0.reduce(0, +)) } ?? .undefined
        },
        Builtin("count", "<a:n>", arity: 1) { call throws(Fault) in
            call[0].isUndefined ? .number(0) : .number(Double(call[0].asList.count))
        },
        Builtin("max", "<a<n>:n>", arity: 1) { call throws(Fault) in
            try numbers(call)?.max().map { .number($0) } ?? .undefined
        },
        Builtin("min", "<a<n>:n>", arity: 1) { call throws(Fault) in
            try numbers(call)?.min().map { .number($0) } ?? .undefined
        },
        Builtin("average", "<a<n>:n>", arity: 1) { call throws(Fault) in
            guard let numbers = try numbers(call), !numbers.isEmpty else { return .undefined }
            return .number(numbers.reduce(0, +) / Double(numbers.count))
        },
    ]

    private static func numbers(_ call: Invocation) throws(Fault) -> [Double]? {
        if call[0].isUndefined { return nil }
        let list = call[0].asList
        try call.evaluator.spend(list.count)
        var numbers: [Double] = []
        numbers.reserveCapacity(list.count)
        for index in 0..<list.count { if let number = list[index].double { numbers.append(number) } }
        return numbers
    }
}
