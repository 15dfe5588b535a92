import JSONPath
package import JSON

/// A path as fields of a definition hold it: `$…` into the input, `$$…` into the context object, `$name…` into a variable.
package struct DataPath: Sendable {
    /// Where a path begins.
    package enum Root: Sendable, Hashable {
        case input
        case context
        case variable(String)
    }

    package let root: Root
    /// The path as written.
    package let text: String
    /// The path from its root on, with `$` as the root.
    let path: Path
    /// The payloads of the context object that it can reach; nothing where it reads something else.
    let part: ContextObject.Part

    /// Reads a path; a text that is none is a ``DataFlowError/malformedPath(_:_:)``.
    package init(parsing text: String) throws(DataFlowError) {
        let (root, tail) = try Self.split(text)
        do {
            path = try Path(parsing: "$" + tail)
        } catch {
            throw .malformedPath(text, error)
        }
        self.root = root
        self.text = text
        part = root == .context ? Self.part(reachedBy: tail) : []
    }

    /// Whether it reads the context object.
    package var readsContext: Bool { root == .context }

    /// Whether it can read the execution's input through the context object.
    package var readsExecutionInput: Bool { part.contains(.executionInput) }

    /// Whether it names one node: it always yields that node's value, never a list of matches.
    package var isDefinite: Bool { path.isDefinite }

    /// Whether it has the form that fields such as `SecondsPath` demand: names and indexes only.
    package var isReferencePath: Bool { (try? ReferencePath(parsing: path.description)) != nil }

    /// Whether it is `$`: what it yields is the input, to the letter.
    package var isWholeInput: Bool { text == "$" }

    /// The variable it reads, if it reads one.
    package var variable: String? {
        if case .variable(let name) = root { name } else { nil }
    }
}

// MARK: - Parsing

extension DataPath {
    /// Tells the root from the rest of the path.
    private static func split(_ text: String) throws(DataFlowError) -> (Root, tail: String) {
        guard text.utf8.first == UInt8(ascii: "$") else { throw .malformedPath(text, nil) }
        let rest = text.dropFirst()
        if rest.first == "$" { return (.context, String(rest.dropFirst())) }
        guard let first = rest.unicodeScalars.first, first == "_" || first.properties.isIDStart else {
            return (.input, String(rest))
        }
        let name = rest.unicodeScalars.prefix { $0.properties.isIDContinue }
        return (.variable(String(name)), String(rest.unicodeScalars.dropFirst(name.count)))
    }

    /// Finds what of the context object a path can reach; when in doubt, all of it.
    ///
    /// A path to what is not there reaches all: the failure shows the object.
    private static func part(reachedBy tail: String) -> ContextObject.Part {
        let names = tail.split(separator: ".", omittingEmptySubsequences: false).dropFirst().prefix(3)
        let isPlain = names.allSatisfy { name in
            !name.isEmpty && name.utf8.allSatisfy { $0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "z") }
        }
        guard isPlain, tail.utf8.first == UInt8(ascii: "."), let first = names.first else { return .all }
        switch Array(names.dropFirst()) {
        case let rest where Self.metadata[String(first)].map { $0.isSuperset(of: rest.map(String.init)) } == true:
            return rest.count <= 1 && (first != "Execution" || !rest.isEmpty) ? [] : .all
        case _ where first == "Execution": return .executionInput
        case ["Item", "Index"] where first == "Map", ["Item", "Key"] where first == "Map": return []
        case ["Item", "Source"] where first == "Map": return []
        case _ where first == "Map": return .mapItemValue
        default: return .all
        }
    }
}

extension DataPath {
    /// The members of the context object that hold no payload.
    private static let metadata: [String: Set<String>] = [
        "Execution": ["Id", "Name", "RoleArn", "StartTime", "RedriveCount", "RedriveTime"],
        "State": ["EnteredTime", "Name", "RetryCount"], "StateMachine": ["Id", "Name"], "Task": ["Token"],
    ]
}

// MARK: - Evaluation

extension DataPath {
    /// Returns what the path finds.
    ///
    /// A definite path that finds nothing is an error; one that may match several nodes yields the list of its matches,
    /// which may be empty.
    package func evaluate(in scope: Scope) throws(DataFlowError) -> JSONValue {
        var source = PathSource(scope)
        return try evaluate(in: &source)
    }

    func evaluate(in source: inout PathSource) throws(DataFlowError) -> JSONValue {
        let root: JSONValue
        switch self.root {
        case .input: root = source.input
        case .context: root = source.context(part)
        case .variable(let name):
            guard let value = source.variables[name] else { throw .undefinedVariable(name, path: text) }
            root = value
        }
        do {
            return try path.evaluate(on: root)
        } catch {
            throw .invalidPath(text, error)
        }
    }
}

extension DataPath: Hashable, CustomStringConvertible {
    package var description: String { text }
    package static func == (lhs: DataPath, rhs: DataPath) -> Bool { lhs.root == rhs.root && lhs.path == rhs.path }
    package func hash(into hasher: inout Hasher) {
        hasher.combine(root)
        hasher.combine(path)
    }
}
