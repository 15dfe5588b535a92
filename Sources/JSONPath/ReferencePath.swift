package import JSON

/// A path that names exactly one place, and so can be written to: only `.name`, `['name']` and `[n]`.
package struct ReferencePath: Sendable, Hashable, CustomStringConvertible {
    private let path: Path

    /// Deeper places than this cannot be in a value that was read.
    private static let maximumSteps = JSONValue.maximumDepth

    /// Reads a Reference Path that starts with `$`.
    package init(parsing text: String) throws(PathError) {
        path = try Path(parsing: text)
        let namesOnePlace = path.steps.steps.allSatisfy { step in
            switch step {
            case .property, .index: true
            default: false
            }
        }
        guard namesOnePlace, path.steps.function == nil, path.steps.steps.count <= Self.maximumSteps else {
            throw .notAReference(path: text)
        }
    }

    /// The path as it was written.
    package var description: String { path.description }

    /// Whether the path is `$`, the value itself.
    package var isRoot: Bool { path.steps.steps.isEmpty }

    /// Returns the value at the place.
    package func evaluate(on value: JSONValue) throws(PathError) -> JSONValue { try path.evaluate(on: value) }

    /// Returns a value with another put at the place, as `ResultPath` does it.
    ///
    /// Missing objects on the way are created, what stands at the place is replaced, and an index may name an element
    /// that exists. Source: Amazon States Language, "ResultPath".
    ///
    /// - Throws: ``PathError/cannotSet(path:)``, if the way leads through what is neither missing nor a container of
    ///   the step's kind, or to an element that does not exist.
    package func setting(_ value: JSONValue, in target: JSONValue) throws(PathError) -> JSONValue {
        try set(value, in: target, at: path.steps.steps[...])
    }

    private func set(
        _ value: JSONValue,
        in target: JSONValue?,
        at steps: ArraySlice<PathStep>
    ) throws(PathError) -> JSONValue {
        guard let step = steps.first else { return value }
        switch (step, target ?? .object(JSONObject())) {
        case (.property(let name), .object(var members)):
            members[name] = try set(value, in: members[name], at: steps.dropFirst())
            return .object(members)
        case (.index(let index), .array(var elements)):
            let place = index < 0 ? elements.count + index : index
            guard elements.indices.contains(place) else { break }
            elements[place] = try set(value, in: elements[place], at: steps.dropFirst())
            return .array(elements)
        default:
            break
        }
        throw .cannotSet(path: path.steps.description)
    }
}
