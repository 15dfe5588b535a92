import JSON

extension Evaluator {
    /// Calls a function by name or by whatever gives one; `first` is the first argument where `~>` gives it.
    func call(_ call: Call, _ input: Value, _ frame: Frame, first: Value? = nil) throws(Fault) -> Value {
        let procedure = try evaluate(call.procedure, input, frame)
        if procedure.isUndefined, let name = call.pathName, isBound(name, frame) {
            throw Fault("T1005", at: call.position, token: name)
        }
        var arguments: [Value] = []
        arguments.reserveCapacity(call.arguments.count + 1)
        if let first { arguments.append(first) }
        for argument in call.arguments { arguments.append(try evaluate(argument, input, frame)) }
        guard let function = procedure.function else { throw Fault("T1006", at: call.position, token: call.name) }
        return try finish(function, arguments, input, frame, call)
    }

    /// Applies a function; its faults tell where and as what it was called.
    private func finish(
        _ function: Function,
        _ arguments: [Value],
        _ input: Value,
        _ frame: Frame,
        _ call: Call
    ) throws(Fault) -> Value {
        var result: Value
        do {
            result = try applyOnce(function, arguments, context: input, frame)
        } catch {
            throw error.relocated(at: call.position, token: error.token ?? call.name)
        }
        while case .function(let pending) = result, case .tailCall(let next, let frame, let input) = pending.body {
            result = try continueTail(next, input, frame)
        }
        return result
    }

    /// Applies a function to arguments, and makes the calls that it leaves to be made.
    func apply(_ function: Function, _ arguments: [Value], _ frame: Frame) throws(Fault) -> Value {
        var result = try applyOnce(function, arguments, context: .null, frame)
        while case .function(let pending) = result, case .tailCall(let next, let frame, let input) = pending.body {
            result = try continueTail(next, input, frame)
        }
        return result
    }

    private func continueTail(_ call: Call, _ input: Value, _ frame: Frame) throws(Fault) -> Value {
        let procedure = try evaluate(call.procedure, input, frame)
        var arguments: [Value] = []
        arguments.reserveCapacity(call.arguments.count)
        for argument in call.arguments { arguments.append(try evaluate(argument, input, frame)) }
        if procedure.isUndefined, let name = call.pathName, isBound(name, frame) {
            throw Fault("T1005", at: call.position, token: name)
        }
        guard let function = procedure.function else { throw Fault("T1006", at: call.position, token: call.name) }
        do {
            return try applyOnce(function, arguments, context: input, frame)
        } catch {
            throw error.relocated(at: call.procedure.position, token: error.token ?? call.name)
        }
    }

    private func applyOnce(
        _ function: Function,
        _ given: [Value],
        context: Value,
        _ frame: Frame
    ) throws(Fault) -> Value {
        try spend()
        let arguments = try function.signature?.validated(given, context: context) ?? given
        switch function.body {
        case .builtin(let builtin):
            return try builtin.implementation(Invocation(arguments, context: context, frame, self))
        case .native(let native): return try apply(native, arguments)
        case .lambda(let lambda, let closure, let input):
            let inner = Frame(parent: closure)
            for (index, name) in lambda.parameters.enumerated() {
                inner.bind(name, index < arguments.count ? arguments[index] : .undefined)
            }
            return try evaluate(lambda.body, input, inner)
        case .partial(let target, let slots):
            var next = arguments.makeIterator()
            var all: [Value] = []
            for slot in slots { all.append(slot ?? next.next() ?? .undefined) }
            return try nested { evaluator throws(Fault) in try evaluator.apply(target, all, frame) }
        case .composition(let first, let second):
            return try nested { evaluator throws(Fault) in
                try evaluator.apply(second, [try evaluator.apply(first, [arguments.first ?? .undefined], frame)], frame)
            }
        case .transform(let transform, let frame):
            return try apply(transform, to: arguments.first ?? .undefined, frame)
        case .regex(let regex, let source):
            guard let text = arguments.first?.string else { return .undefined }
            return try match(regex, source, RegexInput(text), from: 0)
        case .nextMatch(let regex, let source, let text, let from):
            return try nextMatch(regex, source, text, from: from)
        case .tailCall: return .function(function)
        }
    }

    private func apply(_ native: NativeFunction, _ arguments: [Value]) throws(Fault) -> Value {
        var values: [JSONValue?] = []
        for argument in arguments { values.append(argument.json) }
        let result: JSONValue?
        do {
            result = try native.implementation(values, &environment)
        } catch {
            throw Fault(error.code, .init(value: error.value, message: error.message))
        }
        guard let result else { return .undefined }
        try allocate(result.size)
        try checkNesting(result.depth - JSONValue.maximumDepth)
        return Value(result)
    }

    /// `f(a, ?)`: the function with some arguments given.
    func partial(
        _ procedure: Syntax,
        _ arguments: [Syntax?],
        _ position: Int,
        _ input: Value,
        _ frame: Frame
    ) throws(Fault) -> Value {
        var given: [Value?] = []
        for argument in arguments {
            if let argument { given.append(try evaluate(argument, input, frame)) } else { given.append(nil) }
        }
        let value = try evaluate(procedure, input, frame)
        let (name, pathName) = procedure.calledName
        if value.isUndefined, let pathName, isBound(pathName, frame) {
            throw Fault("T1007", at: position, token: pathName)
        }
        guard let function = value.function else { throw Fault("T1008", at: position, token: name) }
        if case .builtin(let builtin) = function.body {
            // What it takes no more of is dropped, and what is left out is undefined.
            given = (0..<builtin.arity).map { $0 < given.count ? given[$0] : .undefined }
        }
        return try makeFunction(.partial(function, given))
    }

    /// Applies a function to what stands before `~>`, or puts one function behind another.
    func apply(
        _ left: Syntax,
        _ right: Syntax,
        _ position: Int,
        _ input: Value,
        _ frame: Frame
    ) throws(Fault) -> Value {
        let argument = try evaluate(left, input, frame)
        // As in the reference implementation, predicates behind the call do not count.
        if case .call(let call) = right.kind {
            return try self.call(call, input, frame, first: argument)
        }
        let value = try evaluate(right, input, frame)
        guard let function = value.function else { throw Fault("T2006", at: position, value: value) }
        if let first = argument.function { return try makeFunction(.composition(first, function)) }
        return try apply(function, [argument], frame)
    }
}

extension JSONValue {
    /// How many values it holds, itself included.
    var size: Int {
        switch self {
        case .null, .bool, .number: 1
        case .string(let text): text.utf8.count / 24 + 1
        case .array(let elements): elements.reduce(1) { $0 + $1.size }
        case .object(let members): members.reduce(1) { $0 + $1.value.size }
        }
    }
}
