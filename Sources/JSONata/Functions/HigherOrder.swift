extension Builtin {
    /// Functions that call functions.
    static let higherOrder: [Builtin] = [
        Builtin("map", "<af>", arity: 2) { call throws(Fault) in
            guard let list = call[0].list, let function = call.function(1) else { return .undefined }
            var results: [Value] = []
            for index in 0..<list.count {
                let value = try call.apply(function, call.given(function, list[index], index, call[0]))
                if !value.isUndefined { results.append(value) }
            }
            return try call.evaluator.makeSequence(results)
        },
        Builtin("filter", "<af>", arity: 2) { call throws(Fault) in
            guard let list = call[0].list, let function = call.function(1) else { return .undefined }
            var results: [Value] = []
            for index in 0..<list.count {
                let item = list[index]
                let verdict = try call.apply(function, call.given(function, item, index, call[0]))
                if try call.evaluator.isTrue(verdict) { results.append(item) }
            }
            return try call.evaluator.makeSequence(results)
        },
        Builtin("single", "<af?>", arity: 2) { call throws(Fault) in
            guard let list = call[0].list else { return .undefined }
            var found: Value?
            for index in 0..<list.count {
                let item = list[index]
                if let function = call.function(1) {
                    let verdict = try call.apply(function, call.given(function, item, index, call[0]))
                    guard try call.evaluator.isTrue(verdict) else { continue }
                }
                guard found == nil else { throw Fault("D3138", .init(index: index)) }
                found = item
            }
            guard let found else { throw Fault("D3139") }
            return found
        },
        Builtin("reduce", "<afj?:j>", arity: 3) { call throws(Fault) in
            guard let list = call[0].list, let function = call.function(1) else { return .undefined }
            let arity = function.arity
            guard arity >= 2 else { throw Fault("D3050", .init(index: 1)) }
            var result = call[2]
            var index = 0
            if result.isUndefined, list.count > 0 {
                result = list[0]
                index = 1
            }
            while index < list.count {
                var arguments = [result, list[index]]
                if arity >= 3 { arguments.append(.number(Double(index))) }
                if arity >= 4 { arguments.append(call[0]) }
                result = try call.apply(function, arguments)
                index += 1
            }
            return result
        },
        Builtin("each", "<o-f:a>", arity: 2) { call throws(Fault) in
            guard let members = Members(call[0]), let function = call.function(1) else { return .undefined }
            var results: [Value] = []
            try members.forEach { name, value throws(Fault) in
                let result = try call.apply(function, call.given(function, value, name))
                if !result.isUndefined { results.append(result) }
            }
            return try call.evaluator.makeSequence(results)
        },
        Builtin("sift", "<o-f?:o>", arity: 2) { call throws(Fault) in
            guard let members = Members(call[0]), let function = call.function(1) else { return .undefined }
            let result = ObjectValue()
            try members.forEach { name, value throws(Fault) in
                let verdict = try call.apply(function, call.given(function, value, name))
                if try call.evaluator.isTrue(verdict) { result.set(name, value) }
            }
            try call.evaluator.allocate(result.keys.count)
            return result.keys.isEmpty ? .undefined : .object(result)
        },
    ]
}

extension Invocation {
    /// The arguments that a function on an array's values takes: the value, its place, the array.
    func given(_ function: Function, _ value: Value, _ index: Int, _ whole: Value) -> [Value] {
        switch function.arity {
        case ..<2: [value]
        case 2: [value, .number(Double(index))]
        default: [value, .number(Double(index)), whole]
        }
    }

    /// The arguments that a function on an object's members takes: the value, its name, the object.
    func given(_ function: Function, _ value: Value, _ name: String) -> [Value] {
        switch function.arity {
        case ..<2: [value]
        case 2: [value, .string(name)]
        default: [value, .string(name), self[0]]
        }
    }
}
