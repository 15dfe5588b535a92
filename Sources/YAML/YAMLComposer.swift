import JSON

/// Builds JSON values from a text's events.
struct YAMLComposer: ~Copyable {
    private var events: YAMLEventReader
    private var anchors: [String: Node] = [:]
    /// What aliases have added to the document so far.
    private var expanded = 0

    /// What aliases may add, in values and bytes of strings: nine of nine of nine of … is a small text.
    private static let maximumExpansion = 4_000_000

    /// A value, and what it adds wherever an alias repeats it.
    private struct Node {
        let value: JSONValue
        var weight = 1
        var depth = 0
    }

    init(_ text: String) throws(YAMLError) { events = try YAMLEventReader(text) }

    /// Builds the value of a text with one document; one without any is `null`.
    mutating func document() throws(YAMLError) -> JSONValue {
        var value = JSONValue.null
        var documents = 0
        while true {
            let event = try events.next()
            switch event.kind {
            case .streamEnd:
                return value
            case .documentStart:
                documents += 1
                guard documents == 1 else { throw YAMLError("a second document", at: event.place) }
            case .streamStart, .documentEnd:
                break
            default:
                value = try node(from: event, depth: 0).value
            }
        }
    }

    private mutating func node(from event: YAMLEvent, depth: Int) throws(YAMLError) -> Node {
        guard depth <= JSONValue.maximumDepth else { throw YAMLError("nested too deeply", at: event.place) }
        switch event.kind {
        case .alias(let name):
            return try expand(name, at: event.place, depth: depth)
        case .scalar(let text, let isPlain, let properties):
            let value = try YAMLScalar.value(of: text, isPlain: isPlain, tag: properties.tag, at: event.place)
            return finish(Node(value: value, weight: 1 + text.utf8.count), properties)
        case .sequenceStart(let properties):
            return finish(try tag(try sequence(depth: depth), with: properties.tag, at: event.place), properties)
        case .mappingStart(let properties):
            return finish(try tag(try mapping(depth: depth), with: properties.tag, at: event.place), properties)
        case .streamStart, .streamEnd, .documentStart, .documentEnd, .sequenceEnd, .mappingEnd:
            throw YAMLError("expected a value", at: event.place)
        }
    }

    private mutating func finish(_ node: Node, _ properties: YAMLProperties) -> Node {
        if let anchor = properties.anchor { anchors[anchor] = node }
        return node
    }

    private mutating func expand(_ name: String, at place: YAMLPlace, depth: Int) throws(YAMLError) -> Node {
        guard let node = anchors[name] else { throw YAMLError("an alias without an anchor before it", at: place) }
        guard depth + node.depth <= JSONValue.maximumDepth else { throw YAMLError("nested too deeply", at: place) }
        expanded += node.weight
        guard expanded <= Self.maximumExpansion else { throw YAMLError("aliases expand to too much", at: place) }
        return node
    }

    private func tag(_ node: Node, with tag: String?, at place: YAMLPlace) throws(YAMLError) -> Node {
        let value = try YAMLTag.value(node.value, tagged: tag, at: place)
        return Node(value: value, weight: node.weight, depth: node.depth + 1)
    }

    private mutating func sequence(depth: Int) throws(YAMLError) -> Node {
        var elements: [JSONValue] = []
        var weight = 1
        var height = 0
        while true {
            let event = try events.next()
            if case .sequenceEnd = event.kind {
                return Node(value: .array(elements), weight: weight, depth: height + 1)
            }
            let element = try node(from: event, depth: depth + 1)
            elements.append(element.value)
            weight += element.weight
            height = max(height, element.depth)
        }
    }

    private mutating func mapping(depth: Int) throws(YAMLError) -> Node {
        var members = JSONObject()
        var merged: [JSONObject] = []
        var weight = 1
        var height = 0
        while true {
            let event = try events.next()
            if case .mappingEnd = event.kind { break }
            guard case .scalar(let key, let isPlain, let properties) = event.kind else {
                throw YAMLError("a key that is not a scalar", at: event.place)
            }
            if let anchor = properties.anchor { anchors[anchor] = Node(value: .string(key), weight: key.utf8.count) }
            let start = try events.next()
            let member = try node(from: start, depth: depth + 1)
            weight += member.weight + key.utf8.count
            height = max(height, member.depth)
            if key == "<<", isPlain, properties.tag == nil {
                merged += try Self.mergeable(member.value, at: start.place)
                continue
            }
            guard members[key] == nil else { throw YAMLError("a key that stands twice", at: event.place) }
            members[key] = member.value
        }
        // The mapping's own keys come before merged ones, and of those the first (YAML's "Merge Key" type).
        for member in merged.joined() where members[member.key] == nil { members[member.key] = member.value }
        return Node(value: .object(members), weight: weight, depth: height + 1)
    }

    private static func mergeable(_ value: JSONValue, at place: YAMLPlace) throws(YAMLError) -> [JSONObject] {
        let objects = value.object.map { [$0] } ?? value.array.map { $0.compactMap(\.object) } ?? []
        guard value.object != nil || value.array?.count == objects.count else {
            throw YAMLError("'<<' merges mappings only", at: place)
        }
        return objects
    }
}
