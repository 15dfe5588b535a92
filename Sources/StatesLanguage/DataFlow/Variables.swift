package import JSON

/// The variables that a branch can read, by name.
///
/// A scope is one graph: what a branch assigns is its own and dies with it; what the scopes around it had assigned when it
/// was forked it only reads, so that any number of branches share one copy. Names never clash: a definition in which an
/// inner scope assigns an outer one's name is refused. Source: Amazon States Language, "Assign"; reference §3.
package struct Variables: Sendable, Equatable {
    /// What the branch itself has assigned, in the order of the first assignments.
    package var own: JSONObject
    /// What the scopes around it have assigned; `nil` where nothing that it runs reads any of it.
    package var outer: JSONObject?

    /// No variables.
    package init() { self.init(own: JSONObject()) }

    package init(own: JSONObject, outer: JSONObject? = nil) {
        self.own = own
        self.outer = outer
    }

    package subscript(name: String) -> JSONValue? { own[name] ?? outer?[name] }

    /// All of them, as a branch that is forked now has them around it.
    package var visible: JSONObject {
        guard var all = outer, !all.isEmpty else { return own }
        for (name, value) in own { all[name] = value }
        return all
    }

    /// Takes over what a state has assigned.
    package mutating func assign(_ values: JSONObject) {
        for (name, value) in values { own[name] = value }
    }
}

extension Variables: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init(own: JSONObject(elements.map { (key: $0.0, value: $0.1) }))
    }
}
