import JSON

/// What an expression works on: JSON, what it makes of it, functions, and nothing at all.
///
/// Values of the input stay as they are (``spelled(_:)``, ``elements(_:)``, ``members(_:)``): they are shared, never
/// copied, and keep the spelling of their numbers. What is computed has forms of its own, which can also hold functions.
enum Value {
    /// Nothing: a path that leads nowhere, a variable that is not bound.
    case undefined
    case null
    case bool(Bool)
    /// A computed number.
    case number(Double)
    /// A number as the input spells it.
    case spelled(JSONNumber)
    case string(String)
    /// An array of the input.
    case elements([JSONValue])
    /// An object of the input.
    case members(JSONObject)
    /// An array that was made.
    case array(ArrayValue)
    /// What a path selects: where it holds one value, it stands for that value.
    case sequence(Sequence)
    /// An object that was made.
    case object(ObjectValue)
    case function(Function)
    /// What a path with bound variables selects, before it ends.
    case tuples(TupleStream)
}

extension Value {
    init(_ value: JSONValue) {
        switch value {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .number(let value): self = .spelled(value)
        case .string(let value): self = .string(value)
        case .array(let value): self = .elements(value)
        case .object(let value): self = .members(value)
        }
    }

    init(_ value: JSONValue?) { self = value.map { Value($0) } ?? .undefined }

    var isUndefined: Bool {
        if case .undefined = self { true } else { false }
    }

    /// The number, if this is one: infinite or not.
    var double: Double? {
        switch self {
        case .number(let value): value
        case .spelled(let value): value.double
        default: nil
        }
    }

    var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    var function: Function? {
        if case .function(let value) = self { value } else { nil }
    }

    /// The values that this holds, if it is an array or a sequence.
    var list: List? {
        switch self {
        case .elements(let values): .json(values)
        case .array(let array): .values(array.items)
        case .sequence(let sequence): .values(sequence.items)
        case .tuples(let stream): .values(stream.tuples.map(\.value))
        default: nil
        }
    }

    /// Whether this is an array or a sequence.
    var isArray: Bool {
        switch self {
        case .elements, .array, .sequence, .tuples: true
        default: false
        }
    }

    var isObject: Bool {
        switch self {
        case .members, .object: true
        default: false
        }
    }

    /// The values that this holds, or itself alone.
    var asList: List { list ?? .single(self) }

    /// What `$` gives: the input itself where it stands wrapped.
    var unwrapped: Value {
        if case .sequence(let sequence) = self, sequence.isOuter, let first = sequence.items.first {
            first
        } else {
            self
        }
    }

    /// How deeply what was made is nested; what the input holds counts as 0.
    var depth: Int {
        switch self {
        case .array(let array): array.depth
        case .sequence(let sequence): sequence.depth
        case .object(let object): object.depth
        case .function(let function): function.depth
        default: 0
        }
    }
}
