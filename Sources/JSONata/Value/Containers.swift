import JSON

/// An array that an expression made.
final class ArrayValue {
    let items: [Value]
    /// Whether a constructor within a path made it: the path keeps such an array whole instead of joining its values.
    let isConstructed: Bool
    let depth: Int

    init(_ items: [Value], isConstructed: Bool = false) {
        self.items = items
        self.isConstructed = isConstructed
        depth = items.nestedDepth
    }
}

/// What a path selects.
final class Sequence {
    let items: [Value]
    /// Whether it stays a sequence where it holds but one value (`[]` behind a step).
    let keepsSingleton: Bool
    /// Whether it wraps an input that is an array, so that a path takes it as one value.
    let isOuter: Bool
    let depth: Int

    init(_ items: [Value], keepsSingleton: Bool = false, isOuter: Bool = false) {
        self.items = items
        self.keepsSingleton = keepsSingleton
        self.isOuter = isOuter
        depth = items.nestedDepth
    }
}

/// An object that an expression made; names keep the order in which they were first set.
///
/// It changes only while ``Evaluator`` makes it, or while a transform works on its copy.
final class ObjectValue {
    private(set) var keys: [String] = []
    private(set) var values: [Value] = []
    private(set) var depth = 1
    private var index: [ObjectKey: Int]?

    private static let indexedFrom = 16

    init() {}

    subscript(key: String) -> Value? { place(of: key).map { values[$0] } }

    func set(_ key: String, _ value: Value) {
        depth = max(depth, value.depth + 1)
        if let place = place(of: key) {
            values[place] = value
            return
        }
        keys.append(key)
        values.append(value)
        if index != nil {
            index?[ObjectKey(key)] = keys.count - 1
        } else if keys.count > Self.indexedFrom {
            reindex()
        }
    }

    func remove(_ key: String) {
        guard let place = place(of: key) else { return }
        keys.remove(at: place)
        values.remove(at: place)
        if index != nil { reindex() }
    }

    private func reindex() {
        index = Dictionary(uniqueKeysWithValues: keys.enumerated().map { (ObjectKey($1), $0) })
    }

    private func place(of key: String) -> Int? {
        if let index { return index[ObjectKey(key)] }
        for place in keys.indices where keys[place].isSameText(as: key) { return place }
        return nil
    }
}

/// A member's name, compared by code points.
struct ObjectKey: Hashable {
    let name: String

    init(_ name: String) { self.name = name }

    static func == (lhs: ObjectKey, rhs: ObjectKey) -> Bool { lhs.name.isSameText(as: rhs.name) }
    func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// What a path with bound variables goes through: each value with the variables that lead to it.
final class TupleStream {
    let tuples: [Tuple]

    init(_ tuples: [Tuple]) { self.tuples = tuples }
}

/// A value on a path with the variables bound on the way to it.
struct Tuple {
    var value: Value
    var bindings: [(name: String, value: Value)] = []

    mutating func bind(_ name: String, _ value: Value) {
        if let place = bindings.firstIndex(where: { $0.name == name }) {
            bindings[place].value = value
        } else {
            bindings.append((name, value))
        }
    }
}
