import Crypto
import JSON
import JSONata

/// The functions that Step Functions adds to JSONata; `$eval`, which it takes away, is not among them.
///
/// Source: Step Functions Developer Guide, "Transforming data"; what they make of odd arguments as measured, reference §6.
enum QueryFunctions {
    /// As the language calls them.
    static let names: Set<String> = ["partition", "range", "hash", "random", "uuid", "parse"]

    /// How many elements `$range` makes at most.
    private static let longestRange = 1_000_000

    /// What every expression is given.
    static let bindings: [String: Binding] = {
        var bindings: [String: Binding] = ["eval": .absent]
        func add(_ name: String, _ arity: Int, _ body: @escaping NativeFunction.Implementation) {
            // Without a signature there is nothing that could be wrong with it.
            if let function = try? NativeFunction(name, arity: arity, body) { bindings[name] = .function(function) }
        }
        add("partition", 2) { arguments, _ in partition(arguments.at(0), by: arguments.at(1)?.wholeNumber) }
        add("range", 3) { arguments, _ throws(JSONataError) in
            try range(arguments.at(0)?.wholeNumber, arguments.at(1)?.wholeNumber, arguments.at(2)?.wholeNumber)
        }
        add("hash", 2) { arguments, _ throws(JSONataError) in try hash(arguments.at(0), with: arguments.at(1)) }
        add("random", 1) { arguments, environment throws(JSONataError) in
            guard let seed = arguments.at(0) else {
                var generator = environment.generator
                defer { environment.generator = generator }
                return .number(JSONNumber(Double(generator.next() >> 11) * 0x1p-53))
            }
            guard let number = seed.wholeNumber else { throw mismatch("random", argument: 1) }
            var random = JavaRandom(seed: Int64(number))
            return .number(JSONNumber(random.nextDouble()))
        }
        add("uuid", 0) { _, environment in
            var generator = environment.generator
            defer { environment.generator = generator }
            return .string(UUIDText.version4(generator.next(), generator.next()))
        }
        add("parse", 1) { arguments, _ throws(JSONataError) in try parse(arguments.at(0)) }
        return bindings
    }()

    /// The array in chunks of a size; undefined without a size, with one below 1, and of an empty array.
    private static func partition(_ value: JSONValue?, by size: Int?) -> JSONValue? {
        guard let value, let size, size > 0 else { return nil }
        let elements = value.array ?? [value]
        guard !elements.isEmpty else { return nil }
        return .array(
            stride(from: 0, to: elements.count, by: size).map { start in
                .array(Array(elements[start..<min(start + min(size, elements.count), elements.count)]))
            }
        )
    }

    /// The numbers from one to another, the last among them if the step meets it; a single one is itself.
    private static func range(_ first: Int?, _ last: Int?, _ step: Int?) throws(JSONataError) -> JSONValue? {
        guard let first, let last, let step, step != 0, step > 0 ? first <= last : first >= last else { return nil }
        let distance = Double(last) - Double(first)
        guard distance / Double(step) < Double(longestRange) else {
            throw JSONataError(
                code: "D2014",
                message: "The size of the sequence allocated by the range function must not exceed \(longestRange)"
            )
        }
        let numbers = stride(from: first, through: last, by: step).map { JSONValue.number(JSONNumber($0)) }
        return numbers.count == 1 ? numbers[0] : .array(numbers)
    }

    /// The digest of a string, or of another value's JSON, in lower-case hexadecimal digits.
    private static func hash(_ value: JSONValue?, with name: JSONValue?) throws(JSONataError) -> JSONValue? {
        guard let value, let name else { return nil }
        guard let algorithm = name.string.flatMap({ HashAlgorithm(rawValue: $0) }) else {
            throw mismatch("hash", argument: 2)
        }
        return .string(Crypto.hash((value.string ?? value.text).utf8, with: algorithm).hexadecimal)
    }

    private static func parse(_ value: JSONValue?) throws(JSONataError) -> JSONValue? {
        guard let value else { return nil }
        guard let text = value.string else { throw mismatch("parse", argument: 1) }
        do {
            return try JSONValue(parsing: text)
        } catch {
            throw JSONataError(code: "D3137", message: "The argument of function \"parse\" is not valid JSON")
        }
    }

    private static func mismatch(_ function: String, argument: Int) -> JSONataError {
        JSONataError(
            code: "T0410",
            message: "Argument \(argument) of function \"\(function)\" does not match function signature"
        )
    }
}

extension [JSONValue?] {
    fileprivate func at(_ index: Int) -> JSONValue? { indices.contains(index) ? self[index] : nil }
}

extension JSONValue {
    /// A number cut off at its point; `nil` for what is none, or too large.
    fileprivate var wholeNumber: Int? { int ?? double.flatMap { Int(exactly: $0.rounded(.towardZero)) } }
}
