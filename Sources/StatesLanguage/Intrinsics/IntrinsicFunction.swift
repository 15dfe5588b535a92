/// The intrinsic functions, by their names.
///
/// Source: Amazon States Language, "Intrinsic Functions"; Step Functions Developer Guide, "Intrinsic functions".
enum IntrinsicFunction: String, CaseIterable, Sendable {
    case format = "States.Format"
    case stringToJSON = "States.StringToJson"
    case jsonToString = "States.JsonToString"
    case array = "States.Array"
    case arrayPartition = "States.ArrayPartition"
    case arrayContains = "States.ArrayContains"
    case arrayRange = "States.ArrayRange"
    case arrayGetItem = "States.ArrayGetItem"
    case arrayLength = "States.ArrayLength"
    case arrayUnique = "States.ArrayUnique"
    case base64Encode = "States.Base64Encode"
    case base64Decode = "States.Base64Decode"
    case hash = "States.Hash"
    case jsonMerge = "States.JsonMerge"
    case mathRandom = "States.MathRandom"
    case mathAdd = "States.MathAdd"
    case stringSplit = "States.StringSplit"
    case uuid = "States.UUID"

    /// How many arguments it takes.
    ///
    /// A wrong number is found when the function is called, not when the definition is read: so does the service.
    var arity: ClosedRange<Int> {
        switch self {
        case .uuid: 0...0
        case .stringToJSON, .jsonToString, .arrayLength, .arrayUnique, .base64Encode, .base64Decode: 1...1
        case .arrayPartition, .arrayContains, .arrayGetItem, .hash, .mathAdd, .stringSplit: 2...2
        case .mathRandom: 2...3
        case .arrayRange, .jsonMerge: 3...3
        case .format: 1...Int.max
        case .array: 0...Int.max
        }
    }
}

/// Why a function's call fails: a clause for the cause.
struct IntrinsicFailure: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }

    /// What the service says of arguments that do not fit, followed by why, where it tells.
    static func invalidArguments(_ function: IntrinsicFunction, _ detail: String? = nil) -> IntrinsicFailure {
        IntrinsicFailure("Invalid arguments in \(function.rawValue)" + (detail.map { ": \($0)" } ?? ""))
    }
}
