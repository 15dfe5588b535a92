import JSON

/// The members of an object, whatever holds them.
enum Members {
    case json(JSONObject)
    case made(ObjectValue)

    init?(_ value: Value) {
        switch value {
        case .members(let object): self = .json(object)
        case .object(let object): self = .made(object)
        default: return nil
        }
    }

    var count: Int {
        switch self {
        case .json(let object): object.count
        case .made(let object): object.keys.count
        }
    }

    subscript(name: String) -> Value? {
        switch self {
        case .json(let object): object[name].map { Value($0) }
        case .made(let object): object[name]
        }
    }

    var names: [String] {
        switch self {
        case .json(let object): object.keys
        case .made(let object): object.keys
        }
    }

    /// Calls a function with each name and value, in order.
    func forEach(_ body: (String, Value) throws(Fault) -> Void) throws(Fault) {
        switch self {
        case .json(let object): for member in object { try body(member.key, Value(member.value)) }
        case .made(let object):
            let values = object.values
            for (index, key) in object.keys.enumerated() { try body(key, values[index]) }
        }
    }
}
