import JSON

/// Values in order, whatever holds them.
enum List {
    case single(Value)
    case json([JSONValue])
    case values([Value])

    var count: Int {
        switch self {
        case .single: 1
        case .json(let values): values.count
        case .values(let values): values.count
        }
    }

    subscript(index: Int) -> Value {
        switch self {
        case .single(let value): value
        case .json(let values): Value(values[index])
        case .values(let values): values[index]
        }
    }

    /// The values as an array.
    var array: [Value] {
        switch self {
        case .single(let value): [value]
        case .json(let values): values.map { Value($0) }
        case .values(let values): values
        }
    }
}

extension [Value] {
    mutating func append(contentsOf list: List) {
        switch list {
        case .single(let value): append(value)
        case .json(let values):
            reserveCapacityForGrowth(by: values.count)
            for value in values { append(Value(value)) }
        case .values(let values): append(contentsOf: values)
        }
    }

    private mutating func reserveCapacityForGrowth(by more: Int) {
        if count + more > capacity { reserveCapacity(Swift.max(count + more, capacity * 2)) }
    }

    /// One more than the depth of the deepest.
    var nestedDepth: Int {
        var deepest = 0
        for value in self {
            let depth = value.depth
            if depth > deepest { deepest = depth }
        }
        return deepest + 1
    }
}
