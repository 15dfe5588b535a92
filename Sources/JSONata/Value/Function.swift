/// A function as a value.
final class Function {
    enum Body {
        case builtin(Builtin)
        case native(NativeFunction)
        /// A definition with where it was made: the variables and the context that it sees.
        case lambda(Lambda, Frame, Value)
        /// A call that is still to be made: what a function gives whose last act is a call.
        case tailCall(Call, Frame, Value)
        /// A function with some arguments given; `nil` for those that are not.
        case partial(Function, [Value?])
        /// One function behind another.
        case composition(Function, Function)
        case transform(Transform, Frame)
        case regex(Regex, source: String)
        /// What `next` of a match is.
        case nextMatch(Regex, source: String, text: RegexInput, from: Int)
    }

    let body: Body
    let depth: Int

    init(_ body: Body) {
        self.body = body
        depth =
            switch body {
            case .partial(let function, let arguments):
                max(function.depth, arguments.map { $0?.depth ?? 0 }.max() ?? 0) + 1
            case .composition(let first, let second): max(first.depth, second.depth) + 1
            default: 0
            }
    }

    /// How many arguments it takes: functions that call others give them as many as they want.
    var arity: Int {
        switch body {
        case .builtin(let builtin): builtin.arity
        case .native(let native): native.arity
        case .lambda(let lambda, _, _): lambda.parameters.count
        case .partial(_, let arguments): arguments.count { $0 == nil }
        case .tailCall, .nextMatch: 0
        case .composition, .transform, .regex: 1
        }
    }

    var signature: Signature? {
        switch body {
        case .builtin(let builtin): builtin.signature
        case .native(let native): native.signature
        case .lambda(let lambda, _, _): lambda.signature
        case .transform: Transform.signature
        default: nil
        }
    }
}
