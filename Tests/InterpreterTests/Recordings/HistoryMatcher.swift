import JSON

/// Holds histories against recorded ones.
///
/// Ids, previous ids and order are exact, unless AWS ran branches or iterations side by side: then events are compared as a
/// tree by their previous event, siblings in any order, and what joins children hangs off their start. Histories that
/// were recorded sorted between a Parallel's start and its end are compared as sets there.
struct HistoryMatcher {
    private typealias Mismatch = RecordingMatcher.Mismatch

    /// An event and what follows from it.
    private final class Node {
        let event: JSONValue
        var below: [Node] = []

        init(_ event: JSONValue) {
            self.event = event
        }
    }

    /// What joins children, and what starts them.
    private static let joins: [String: String] = {
        var joins: [String: String] = [:]
        for group in ["MapState", "ParallelState"] {
            for end in ["Succeeded", "Failed", "Aborted", "Exited"] { joins[group + end] = group + "Started" }
        }
        return joins
    }()

    let values: RecordingMatcher
    let isSortedInParallel: Bool

    /// Returns how a history differs from the recorded one; `nil` if it does not.
    func difference(of actual: [JSONValue], from expected: [JSONValue]) -> String? {
        do {
            var bindings: RecordingMatcher.Bindings = [
                "111111111111": "111111111111", "<region>": "us-east-1", "<partition>": "aws",
            ]
            try match(expected, actual, &bindings)
            return nil
        } catch {
            return "\(error)"
        }
    }

    private func match(
        _ expected: [JSONValue],
        _ actual: [JSONValue],
        _ bindings: inout RecordingMatcher.Bindings
    ) throws(RecordingMatcher.Mismatch) {
        if isSortedInParallel, expected.contains(where: { $0["id"]?.array != nil }) {
            return try matchSorted(expected, Self.sortedInParallel(actual), &bindings)
        }
        guard Self.isConcurrent(expected) else {
            guard expected.map(Self.type) == actual.map(Self.type) else {
                throw Mismatch(place: "events", expected: Self.outline(expected), actual: Self.outline(actual))
            }
            for (index, pair) in zip(expected, actual).enumerated() {
                try values.match(pair.0, pair.1, at: "events[\(index)]", &bindings)
            }
            return
        }
        guard expected.count == actual.count else {
            throw Mismatch(place: "events", expected: Self.outline(expected), actual: Self.outline(actual))
        }
        var deepest: (Int, Mismatch)?
        guard siblings(Self.tree(expected), Self.tree(actual), &bindings, &deepest, 0) else {
            throw deepest?.1
                ?? Mismatch(place: "events", expected: Self.outline(expected), actual: Self.outline(actual))
        }
    }

    private func matchSorted(
        _ expected: [JSONValue],
        _ actual: [JSONValue],
        _ bindings: inout RecordingMatcher.Bindings
    ) throws(RecordingMatcher.Mismatch) {
        guard expected.count == actual.count else {
            throw Mismatch(place: "events", expected: Self.outline(expected), actual: Self.outline(actual))
        }
        var left: [Node] = []
        var right: [Node] = []
        for (recorded, given) in zip(expected, actual) {
            if recorded["id"]?.array != nil {
                left.append(Node(Self.bare(recorded)))
                right.append(Node(Self.bare(given)))
                continue
            }
            var deepest: (Int, Mismatch)?
            if !left.isEmpty, !siblings(left, right, &bindings, &deepest, 0), let mismatch = deepest?.1 {
                throw mismatch
            }
            left = []
            right = []
            // Which branch came last is chance.
            let isJoin = Self.joins[Self.type(recorded)] != nil
            try values.match(
                isJoin ? Self.with(recorded, previous: 0) : recorded,
                isJoin ? Self.with(given, previous: 0) : given,
                at: "events[\(recorded["id"]?.text ?? "")]",
                &bindings
            )
        }
    }

    /// Finds for each expected node an actual one with the same content and the same below it.
    private func siblings(
        _ expected: [Node],
        _ actual: [Node],
        _ bindings: inout RecordingMatcher.Bindings,
        _ deepest: inout (Int, RecordingMatcher.Mismatch)?,
        _ depth: Int
    ) -> Bool {
        guard let node = expected.first else { return actual.isEmpty }
        let rest = Array(expected.dropFirst())
        for (index, other) in actual.enumerated() {
            var trial = bindings
            do throws(RecordingMatcher.Mismatch) {
                guard Self.type(node.event) == Self.type(other.event), node.below.count == other.below.count else {
                    throw Mismatch(
                        place: "what follows \(Self.type(node.event))",
                        expected: "\(node.below.map { Self.type($0.event) })",
                        actual: "\(other.below.map { Self.type($0.event) }) after \(Self.type(other.event))"
                    )
                }
                try values.match(node.event, other.event, at: Self.type(node.event), &trial)
            } catch {
                if deepest.map({ $0.0 <= depth }) ?? true { deepest = (depth, error) }
                continue
            }
            guard siblings(node.below, other.below, &trial, &deepest, depth + 1) else { continue }
            var remaining = actual
            remaining.remove(at: index)
            guard siblings(rest, remaining, &trial, &deepest, depth) else { continue }
            bindings = trial
            return true
        }
        return false
    }

    // MARK: - Events

    private static func type(_ event: JSONValue) -> String { event["type"]?.string ?? "" }

    private static func outline(_ events: [JSONValue]) -> String {
        events.map { event in
            let failure = event["executionFailedEventDetails"].map { " \($0.text.prefix(300))" } ?? ""
            return "\(event["id"]?.text ?? "")<-\(event["previousEventId"]?.text ?? "") \(type(event))\(failure)"
        }.joined(separator: ", ")
    }

    private static func bare(_ event: JSONValue) -> JSONValue {
        var members = event.object ?? [:]
        members.removeValue(forKey: "id")
        members.removeValue(forKey: "previousEventId")
        return .object(members)
    }

    private static func with(_ event: JSONValue, previous: Int) -> JSONValue {
        var members = event.object ?? [:]
        members["previousEventId"] = .number(JSONNumber(previous))
        return .object(members)
    }

    /// More than one event follows the start of a group.
    private static func isConcurrent(_ events: [JSONValue]) -> Bool {
        let starts = Set(
            events.filter { type($0) == "MapStateStarted" || type($0) == "ParallelStateStarted" }
                .compactMap { $0["id"]?.int }
        )
        let children = events.compactMap { $0["previousEventId"]?.int }.filter(starts.contains)
        return children.count != Set(children).count
    }

    private static func tree(_ events: [JSONValue]) -> [Node] {
        let byID = Dictionary(events.compactMap { event in event["id"]?.int.map { ($0, event) } }) { first, _ in first }
        func above(_ event: JSONValue, _ wanted: String) -> Int {
            var depth = 0
            let previous = event["previousEventId"]?.int ?? 0
            var place = byID[previous]
            while let at = place {
                if joins[type(at)] == wanted {
                    depth += 1
                } else if type(at) == wanted {
                    if depth == 0 { return at["id"]?.int ?? 0 }
                    depth -= 1
                }
                place = byID[at["previousEventId"]?.int ?? 0]
            }
            return previous
        }
        var nodes: [Int: Node] = [:]
        var roots: [Node] = []
        for event in events {
            var parent = event["previousEventId"]?.int ?? 0
            let before = byID[parent].map(type) ?? ""
            let name = type(event)
            if let start = joins[name] {
                parent = above(event, start)
            } else if name == "MapIterationStarted" {
                parent = above(event, "MapStateStarted")
            } else if name == "MapStateStarted" || name == "ParallelStateStarted", !before.hasSuffix("StateEntered") {
                parent = above(event, name)  // A retry.
            }
            let node = Node(bare(event))
            nodes[event["id"]?.int ?? 0] = node
            if let parent = nodes[parent] { parent.below.append(node) } else { roots.append(node) }
        }
        return roots
    }

    /// What was done to some histories before they were stored: between a Parallel's start and its end ids were dropped, and
    /// the event that closes it where another closing one follows.
    private static func sortedInParallel(_ events: [JSONValue]) -> [JSONValue] {
        let closing: Set = [
            "ParallelStateSucceeded", "ParallelStateAborted", "ParallelStateExited", "ParallelStateFailed",
        ]
        var events = events
        var isInside = false
        var start: Int?
        var held: [JSONValue] = []
        var index = 0
        while index < events.count {
            let name = type(events[index])
            if closing.contains(name) {
                if let start { events.replaceSubrange(min(start, index)..<index, with: held) }
                isInside = false
            } else if name == "ParallelStateStarted" {
                isInside = true
                held = []
                start = index + 1
            } else if isInside {
                var members = events[index].object ?? [:]
                members["id"] = [0]
                members["previousEventId"] = 0
                events[index] = .object(members)
                held.append(events[index])
            }
            index += 1
        }
        return events
    }
}
