/// Where a member or an element begins in a text, line and column counted from 1.
package struct YAMLLocation: Sendable, Equatable {
    package let line: Int
    package let column: Int
}

/// Finds the place of a value in a text of YAML, or of JSON, which is YAML's flow style.
///
/// - Parameters:
///   - steps: The names and indexes that lead to it; none is the whole document.
///   - text: The text.
/// - Returns: Where its name stands, or where it begins in an array; `nil` where it cannot be found, as behind an alias.
package func yamlLocation(of steps: [String], in text: String) -> YAMLLocation? {
    guard var finder = try? YAMLFinder(text) else { return nil }
    return try? finder.find(steps[...])
}

/// Walks a text's events towards one place.
private struct YAMLFinder: ~Copyable {
    private var events: YAMLEventReader

    init(_ text: String) throws(YAMLError) { events = try YAMLEventReader(text) }

    mutating func find(_ steps: ArraySlice<String>) throws(YAMLError) -> YAMLLocation? {
        var rest = steps
        var place = YAMLPlace()
        while true {
            var event = try events.next()
            switch event.kind {
            case .streamStart, .documentStart: continue
            default: break
            }
            var name: YAMLPlace?
            while let step = rest.popFirst() {
                switch event.kind {
                case .mappingStart:
                    guard let (key, value) = try member(step) else { return nil }
                    name = key
                    event = value
                case .sequenceStart:
                    guard let index = Int(step), let value = try element(index) else { return nil }
                    name = nil
                    event = value
                default: return nil
                }
            }
            place = name ?? event.place
            return YAMLLocation(line: place.line, column: place.column)
        }
    }

    /// The place of a member's name, and the event that its value begins with.
    private mutating func member(_ name: String) throws(YAMLError) -> (key: YAMLPlace, value: YAMLEvent)? {
        while true {
            let key = try events.next()
            guard case .scalar(let text, _, _) = key.kind else { return nil }
            let value = try events.next()
            if text == name { return (key.place, value) }
            try skip(value)
        }
    }

    private mutating func element(_ index: Int) throws(YAMLError) -> YAMLEvent? {
        for _ in 0..<max(0, index) {
            let value = try events.next()
            if case .sequenceEnd = value.kind { return nil }
            try skip(value)
        }
        let value = try events.next()
        if case .sequenceEnd = value.kind { return nil }
        return value
    }

    /// Reads the rest of the value that an event begins.
    private mutating func skip(_ event: YAMLEvent) throws(YAMLError) {
        var depth = 0
        var event = event
        while true {
            switch event.kind {
            case .mappingStart, .sequenceStart: depth += 1
            case .mappingEnd, .sequenceEnd: depth -= 1
            default: break
            }
            guard depth > 0 else { return }
            event = try events.next()
        }
    }
}
