extension Builtin {
    /// Functions on any value, and on the evaluation itself.
    static let general: [Builtin] = [
        Builtin("boolean", "<x-:b>", arity: 1) { call throws(Fault) in
            call[0].isUndefined ? .undefined : .bool(try call.evaluator.isTrue(call[0]))
        },
        Builtin("not", "<x-:b>", arity: 1) { call throws(Fault) in
            call[0].isUndefined ? .undefined : .bool(!(try call.evaluator.isTrue(call[0])))
        },
        Builtin("exists", "<x:b>", arity: 1) { call throws(Fault) in .bool(!call[0].isUndefined) },
        Builtin("type", "<x:s>", arity: 1) { call throws(Fault) in
            switch call[0] {
            case .undefined: .undefined
            case .null: .string("null")
            case .bool: .string("boolean")
            case .number, .spelled: .string("number")
            case .string: .string("string")
            case .elements, .array, .sequence, .tuples: .string("array")
            case .members, .object: .string("object")
            case .function: .string("function")
            }
        },
        Builtin("error", "<s?:x>", arity: 1) { call throws(Fault) in
            throw Fault("D3137", .init(message: call.string(0) ?? "$error() function evaluated"))
        },
        Builtin("assert", "<bs?:x>", arity: 2) { call throws(Fault) in
            if case .bool(true) = call[0] { return .undefined }
            throw Fault("D3141", .init(message: call.string(1) ?? "$assert() statement failed"))
        },
        Builtin("clone", "<(oa)-:o>", arity: 1) { call throws(Fault) in
            // Values are never changed where they can be seen: each is its own copy.
            call[0]
        },
        Builtin("now", "<s?s?:s>", arity: 2) { call throws(Fault) in
            let picture = try DateTimePicture(call.string(0))
            return try call.text(picture.text(of: Double(call.evaluator.environment.now), zone: call.string(1)))
        },
        Builtin("millis", "<:n>", arity: 0) { call throws(Fault) in .number(Double(call.evaluator.environment.now)) },
        Builtin("eval", "<sx?:x>", arity: 2) { call throws(Fault) in
            guard let text = call.string(0) else { return .undefined }
            return try evaluate(text, call)
        },
    ]

    private static func evaluate(_ text: String, _ call: Invocation) throws(Fault) -> Value {
        let syntax: Syntax
        do {
            try call.evaluator.spend(text.utf8.count)
            syntax = try Expression.syntax(of: text)
        } catch {
            if error.code == "U1001" { throw error }
            throw Fault("D3120", .init(value: Quotation.quoted(error.text)))
        }
        var input = call[1].isUndefined ? call.context : call[1]
        if case .elements = input { input = .sequence(Sequence([input], isOuter: true)) }
        if case .array = input { input = .sequence(Sequence([input], isOuter: true)) }
        do {
            return try call.evaluator.nested { evaluator throws(Fault) in
                try evaluator.evaluate(syntax, input, call.frame)
            }
        } catch {
            if error.code == "U1001" { throw error }
            throw Fault("D3121", .init(value: Quotation.quoted(error.text)))
        }
    }
}
