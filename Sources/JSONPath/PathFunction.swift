import JSON

/// A function at the end of a path, applied to what the path leads to; an indefinite one's matches are one array.
enum PathFunction: Sendable {
    case length
    case keys
    case first
    case last
    case index(Int)
    case min
    case max
    case sum
    case average
    case standardDeviation

    init?(name: String, argument: Int?) {
        switch (name, argument) {
        case ("length", nil), ("size", nil): self = .length
        case ("keys", nil): self = .keys
        case ("first", nil): self = .first
        case ("last", nil): self = .last
        case ("index", let argument?): self = .index(argument)
        case ("min", nil): self = .min
        case ("max", nil): self = .max
        case ("sum", nil): self = .sum
        case ("avg", nil): self = .average
        case ("stddev", nil): self = .standardDeviation
        default: return nil
        }
    }

    /// The function's name in a path.
    var name: String {
        switch self {
        case .length: "length"
        case .keys: "keys"
        case .first: "first"
        case .last: "last"
        case .index: "index"
        case .min: "min"
        case .max: "max"
        case .sum: "sum"
        case .average: "avg"
        case .standardDeviation: "stddev"
        }
    }

    /// Returns the function's value, or `nil` if it has none for such an argument.
    func apply(to value: JSONValue) -> JSONValue? {
        switch (self, value) {
        case (.length, .array(let elements)): .number(JSONNumber(elements.count))
        case (.length, .object(let members)): .number(JSONNumber(members.count))
        case (.length, _): .null
        case (.keys, .object(let members)): .array(members.keys.map { .string($0) })
        case (.first, .array(let elements)): elements.first
        case (.last, .array(let elements)): elements.last
        case (.index(let index), .array(let elements)): value[index < 0 ? elements.count + index : index]
        case (_, .array(let elements)): aggregate(elements.compactMap(\.number)).map { .number($0) }
        default: nil
        }
    }

    private func aggregate(_ numbers: [JSONNumber]) -> JSONNumber? {
        guard !numbers.isEmpty else { return nil }
        let count = Double(numbers.count)
        let sum = numbers.reduce(0) { $0 + $1.double }
        switch self {
        case .min: return numbers.min()
        case .max: return numbers.max()
        case .sum: return JSONNumber(sum)
        case .average: return JSONNumber(sum / count)
        case .standardDeviation:
            let mean = sum / count
            let squares = numbers.reduce(0) { $0 + ($1.double - mean) * ($1.double - mean) }
            return JSONNumber((squares / count).squareRoot())
        default: return nil
        }
    }
}
