import JSON

/// One step of a path, from a value to none, one or several within it.
enum PathStep: Sendable {
    /// The member of that name.
    case property(String)
    /// Several members: an object of them at a path's end, one after another before it.
    case properties([String])
    /// The element at that index; negative ones count from the end.
    case index(Int)
    /// The elements at those indexes.
    case indexes([Int])
    /// The elements from one index up to, and without, another; negative ones count from the end.
    case slice(from: Int?, to: Int?)
    /// All members or elements.
    case wildcard
    /// The value and all arrays and objects in it, whatever the depth.
    case descent
    /// The elements, or the object itself, of which an expression is true.
    case filter(Filter)

    /// Whether the step leads to one value at most.
    func isDefinite(isLast: Bool) -> Bool {
        switch self {
        case .property, .index: true
        case .properties: isLast
        case .indexes, .slice, .wildcard, .descent, .filter: false
        }
    }
}

extension PathStep: CustomStringConvertible {
    /// The step as Jayway's JsonPath normalises it.
    var description: String {
        switch self {
        case .property(let name): "['\(name)']"
        case .properties(let names): "[" + names.map { "'\($0)'" }.joined(separator: ",") + "]"
        case .index(let index): "[\(index)]"
        case .indexes(let indexes): "[" + indexes.map(String.init).joined(separator: ",") + "]"
        case .slice(let from, let to): "[\(from.map(String.init) ?? ""):\(to.map(String.init) ?? "")]"
        case .wildcard: "[*]"
        case .descent: ".."
        case .filter: "[?]"
        }
    }
}

/// The steps of a path, and the function applied to what they lead to.
struct PathSteps: Sendable, CustomStringConvertible {
    var steps: [PathStep] = []
    var function: PathFunction?

    /// Whether the steps alone lead to one value at most.
    var areDefinite: Bool {
        steps.indices.allSatisfy { steps[$0].isDefinite(isLast: $0 == steps.count - 1) }
    }

    /// The path, normalised.
    var description: String { prefix(steps.count) + (function.map { ".\($0.name)()" } ?? "") }

    /// Returns the first steps, normalised.
    func prefix(_ count: Int) -> String { "$" + steps.prefix(count).map(\.description).joined() }
}
