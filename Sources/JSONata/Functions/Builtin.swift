/// A function that the language brings along.
final class Builtin: Sendable {
    typealias Implementation = @Sendable (Invocation) throws(Fault) -> Value

    let name: String
    let signature: Signature?
    /// How many arguments functions such as `$map` give it.
    let arity: Int
    let implementation: Implementation

    init(_ name: String, _ signature: String, arity: Int, _ implementation: @escaping Implementation) {
        self.name = name
        // The signatures are constants, and a test reads each.
        self.signature = try? Signature(parsing: signature)
        self.arity = arity
        self.implementation = implementation
    }

    /// The function as a value.
    var function: Function { Function(.builtin(self)) }

    /// The function of that name, without `$`.
    static func named(_ name: String) -> Builtin? { all[name] }

    static let all: [String: Builtin] = {
        let families = [
            strings, patterns, numbers, aggregations, arrays, higherOrder, objects, encodings, pictures, general,
        ]
        return Dictionary(uniqueKeysWithValues: families.flatMap(\.self).map { ($0.name, $0) })
    }()
}

/// A call of a built-in function.
struct Invocation {
    let arguments: [Value]
    /// The context of the call.
    let context: Value
    let frame: Frame
    let evaluator: Evaluator

    init(_ arguments: [Value], context: Value, _ frame: Frame, _ evaluator: Evaluator) {
        self.arguments = arguments
        self.context = context
        self.frame = frame
        self.evaluator = evaluator
    }

    /// The argument at that place; undefined if there is none.
    subscript(index: Int) -> Value { index < arguments.count ? arguments[index] : .undefined }

    func string(_ index: Int) -> String? { self[index].string }

    /// The number at that place, if there is one.
    func number(_ index: Int) -> Double? { self[index].double }

    func function(_ index: Int) -> Function? { self[index].function }

    func apply(_ function: Function, _ arguments: [Value]) throws(Fault) -> Value {
        try evaluator.nested { evaluator throws(Fault) in try evaluator.apply(function, arguments, frame) }
    }

    /// A text as a result.
    func text(_ text: String) throws(Fault) -> Value { try evaluator.allocate(text) }
}
