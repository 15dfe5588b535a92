import JSON

/// Computes a call, its arguments first.
struct IntrinsicEvaluator {
    /// The whole call as written, which the causes name also where an inner one fails.
    let call: String
    var source: PathSource

    mutating func call(
        _ function: IntrinsicFunction,
        _ arguments: [IntrinsicArgument],
        using generator: inout some RandomNumberGenerator
    ) throws(DataFlowError) -> JSONValue {
        var values: [JSONValue] = []
        values.reserveCapacity(arguments.count)
        for argument in arguments {
            let value = try value(of: argument, using: &generator)
            // No function's work or result is much larger than its arguments.
            try source.spend(on: value)
            values.append(value)
        }
        do throws(IntrinsicFailure) {
            guard function.arity.contains(arguments.count) else {
                throw IntrinsicFailure.invalidArguments(function, "wrong number of arguments")
            }
            return try apply(
                function,
                to: IntrinsicValues(function: function, values: values),
                arguments,
                using: &generator
            )
        } catch {
            throw .intrinsic(call: call, reason: error.reason)
        }
    }

    private func apply(
        _ function: IntrinsicFunction,
        to values: IntrinsicValues,
        _ arguments: [IntrinsicArgument],
        using generator: inout some RandomNumberGenerator
    ) throws(IntrinsicFailure) -> JSONValue {
        switch function {
        case .format: try format(values, template: arguments.first)
        case .stringSplit: try stringSplit(values)
        case .stringToJSON: try stringToJSON(values)
        case .jsonToString: jsonToString(values)
        case .jsonMerge: try jsonMerge(values)
        case .array: .array(values.values)
        case .arrayPartition: try arrayPartition(values)
        case .arrayContains: try arrayContains(values)
        case .arrayRange: try arrayRange(values)
        case .arrayGetItem: try arrayGetItem(values)
        case .arrayLength: try arrayLength(values)
        case .arrayUnique: try arrayUnique(values)
        case .base64Encode: try base64Encode(values)
        case .base64Decode: try base64Decode(values)
        case .hash: try hash(values)
        case .mathAdd: try mathAdd(values)
        case .mathRandom: try mathRandom(values, using: &generator)
        case .uuid: uuid(using: &generator)
        }
    }

    private mutating func value(
        of argument: IntrinsicArgument,
        using generator: inout some RandomNumberGenerator
    ) throws(DataFlowError) -> JSONValue {
        switch argument {
        case .string(let string): return .string(string.text)
        case .literal(let value): return value
        case .call(let function, let arguments): return try call(function, arguments, using: &generator)
        case .path(let path):
            do {
                return try path.evaluate(in: &source)
            } catch .invalidPath {
                // The state's input, also where the context object was searched: so the service words it.
                throw .argumentNotFound(path: path.withoutContextMark, call: call, input: source.input)
            } catch {
                throw error
            }
        }
    }
}

/// The arguments' values of one call, and what a function may demand of them.
struct IntrinsicValues {
    let function: IntrinsicFunction
    let values: [JSONValue]

    /// The longest string, in UTF-16 code units, that hashing and Base64 take.
    static let maximumLength = 10_000

    subscript(index: Int) -> JSONValue { values[index] }

    var count: Int { values.count }

    /// The failure of a call whose arguments do not fit.
    func invalid(_ detail: String? = nil) -> IntrinsicFailure { .invalidArguments(function, detail) }

    func string(_ index: Int) throws(IntrinsicFailure) -> String {
        guard let string = values[index].string else { throw invalid() }
        return string
    }

    func array(_ index: Int) throws(IntrinsicFailure) -> [JSONValue] {
        guard let array = values[index].array else { throw invalid() }
        return array
    }

    func object(_ index: Int) throws(IntrinsicFailure) -> JSONObject {
        guard let object = values[index].object else { throw invalid() }
        return object
    }

    /// A number rounded to an integer, half of one towards positive infinity, as Java's `Math.round` does.
    func integer(_ index: Int) throws(IntrinsicFailure) -> Int {
        guard let number = values[index].number else { throw invalid() }
        if let integer = number.int { return integer }
        let floor = number.double.rounded(.down)
        guard let integer = Int(exactly: number.double - floor >= 0.5 ? floor + 1 : floor) else { throw invalid() }
        return integer
    }

    func checkLength(_ string: String) throws(IntrinsicFailure) {
        // UTF-16 never has more code units than UTF-8 has bytes.
        guard string.utf8.count > Self.maximumLength, string.utf16.count > Self.maximumLength else { return }
        throw invalid("at most \(Self.maximumLength) characters are allowed")
    }
}
