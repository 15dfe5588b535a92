/// The members of a JSON object, in the order in which they were first set.
///
/// Small objects are searched, large ones have an index: looking a member up costs the same however many there are.
package struct JSONObject: Sendable {
    package typealias Element = (key: String, value: JSONValue)

    /// Up to this many members, comparing names is cheaper than hashing one.
    private static let indexedFrom = 16

    private var members: [Element] = []
    /// Where each name stands in `members`; `nil` while there are few.
    private var index: [MemberName: Int]?

    /// No members.
    package init() {}

    /// The members of a sequence; of a name that stands twice the last value counts, at the first one's place.
    package init(_ members: some Sequence<Element>) {
        for member in members { self[member.key] = member.value }
    }

    /// How many members there are.
    package var count: Int { members.count }

    /// Whether there is no member.
    package var isEmpty: Bool { members.isEmpty }

    /// The names, in order.
    package var keys: [String] { members.map(\.key) }

    /// The values, in order.
    package var values: [JSONValue] { members.map(\.value) }

    /// The value of a member.
    ///
    /// A new member goes to the end, a known one keeps its place; `nil` removes it.
    package subscript(key: String) -> JSONValue? {
        get {
            guard let place = place(of: key) else { return nil }
            return members[place].value
        }
        set {
            guard let newValue else {
                removeValue(forKey: key)
                return
            }
            if let place = place(of: key) {
                members[place].value = newValue
            } else {
                append(newValue, forNewKey: key)
            }
        }
    }

    /// Removes a member; the others keep their order.
    ///
    /// It costs as much as there are members.
    ///
    /// - Returns: The value it had, or `nil` if there was none.
    @discardableResult
    package mutating func removeValue(forKey key: String) -> JSONValue? {
        guard let place = place(of: key) else { return nil }
        let removed = members.remove(at: place)
        if index != nil { rebuildIndex() }
        return removed.value
    }

    /// Sets a member unless there is one of that name.
    ///
    /// - Returns: Whether there was none.
    mutating func insert(_ value: JSONValue, forKey key: String) -> Bool {
        guard place(of: key) == nil else { return false }
        append(value, forNewKey: key)
        return true
    }

    private mutating func append(_ value: JSONValue, forNewKey key: String) {
        members.append((key, value))
        if index != nil {
            index?[MemberName(key)] = members.count - 1
        } else if members.count > Self.indexedFrom {
            rebuildIndex()
        }
    }

    private mutating func rebuildIndex() {
        guard members.count > Self.indexedFrom else {
            index = nil
            return
        }
        var places: [MemberName: Int] = [:]
        places.reserveCapacity(members.count * 2)
        for (place, member) in members.enumerated() { places[MemberName(member.key)] = place }
        index = places
    }

    private func place(of key: String) -> Int? {
        if let index { return index[MemberName(key)] }
        for place in members.indices where members[place].key.isSameText(as: key) { return place }
        return nil
    }
}

/// A member's name, compared by code points.
private struct MemberName: Hashable {
    let name: String

    init(_ name: String) { self.name = name }

    static func == (lhs: MemberName, rhs: MemberName) -> Bool { lhs.name.isSameText(as: rhs.name) }
    func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension JSONObject: Sequence {
    package func makeIterator() -> IndexingIterator<[Element]> { members.makeIterator() }
    package var underestimatedCount: Int { members.count }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init(elements.map { (key: $0.0, value: $0.1) })
    }
}

extension JSONObject: Hashable {
    /// Whether both have the same members, in whatever order.
    package static func == (lhs: JSONObject, rhs: JSONObject) -> Bool {
        lhs.count == rhs.count && lhs.allSatisfy { rhs[$0.key] == $0.value }
    }

    package func hash(into hasher: inout Hasher) {
        // Order must not count, so the members' hashes are summed.
        var sum = 0
        for member in members {
            var each = Hasher()
            each.combine(member.key)
            each.combine(member.value)
            sum &+= each.finalize()
        }
        hasher.combine(members.count)
        hasher.combine(sum)
    }
}
