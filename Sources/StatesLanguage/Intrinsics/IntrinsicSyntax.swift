import JSON

/// An argument of an intrinsic function's call.
indirect enum IntrinsicArgument: Sendable {
    case string(IntrinsicString)
    case literal(JSONValue)
    case path(DataPath)
    case call(IntrinsicFunction, [IntrinsicArgument])
}

extension IntrinsicArgument {
    /// The paths that it reads, in the order of the text.
    var paths: [DataPath] {
        switch self {
        case .string, .literal: []
        case .path(let path): [path]
        case .call(_, let arguments): arguments.flatMap(\.paths)
        }
    }

    /// Whether the same scope always gives the same value.
    var isDeterministic: Bool {
        switch self {
        case .string, .literal, .path: true
        case .call(.uuid, _): false
        case .call(.mathRandom, let arguments): arguments.count > 2 && arguments.allSatisfy(\.isDeterministic)
        case .call(_, let arguments): arguments.allSatisfy(\.isDeterministic)
        }
    }
}
