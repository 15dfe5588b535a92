import JSON
import StatesLanguage

/// Puts the events of a history into lines for people.
struct HistoryLines {
    let output: Output
    let isFull: Bool
    private var start: Timestamp?
    /// The state and iteration that each event belongs to, by the event's id: later ones inherit it by their chain.
    private var places: [Int: Place] = [:]

    private struct Place {
        var state = ""
        var iteration: Int?
        /// The Map that the iteration belongs to stands in one itself.
        var outer: String = ""
        /// The Parallels and Maps that it is inside of, the innermost last.
        var containers: [Place] = []
        /// The type of the event that led here.
        var type = ""

        var text: String { iteration.map { "\(state)[\(outer)\($0)]" } ?? state }
    }

    init(output: Output, isFull: Bool) {
        self.output = output
        self.isFull = isFull
    }

    /// Returns the line of the next event; events come in the order of their ids.
    mutating func line(of event: JSONValue) -> String {
        let type = event["type"]?.string ?? ""
        let at = event["timestamp"]?.instant
        if start == nil { start = at }
        let place = place(of: event, type)
        if let id = event["id"]?.int { places[id] = place }

        let seconds = Self.seconds(at.flatMap { at in start.map { at - $0 } } ?? .zero)
        let id = event["id"]?.text ?? ""
        let head = "\(seconds.leftPadded(to: 9)) \(id.leftPadded(to: 5))  "
        let name = place.text.padded(to: 22)
        let typeText = type.padded(to: 24)
        let used = head.count + typeText.count + name.count + 4
        let details = clipped(Self.details(of: event, type), used: used)
        let coloured = output.styled(typeText, Self.style(of: type))
        return "\(output.styled(head, .faint))\(coloured)  \(output.styled(name, .bold))  \(details)"
    }

    private func place(of event: JSONValue, _ type: String) -> Place {
        var place = places[event["previousEventId"]?.int ?? 0] ?? Place()
        if type.hasPrefix("MapIteration"), let details = Self.detailsObject(of: event) {
            place.state = details["name"]?.string ?? place.state
            if type == "MapIterationStarted" {
                place.outer = place.iteration.map { "\(place.outer)\($0)." } ?? place.outer
            }
            place.iteration = details["index"]?.int
        } else if type == "MapStateStarted" || type == "ParallelStateStarted" {
            place.containers.append(place)
        } else if Self.endsContainer(type), !place.type.hasSuffix("StateEntered") || place.type == "FailStateEntered",
            !Self.containersEnds.contains(place.type)
        {
            // Its chain goes on from the last event inside; so does that of its Exited event, beside it.
            place = place.containers.last ?? place
        }
        let named = event["stateEnteredEventDetails"]?["name"] ?? event["stateExitedEventDetails"]?["name"]
        if let name = named?.string { place.state = name }
        if type.hasPrefix("Execution") { place = Place() }
        place.type = type
        return place
    }

    /// Whether an event says that the children of a Parallel or a Map are behind it.
    private static func endsContainer(_ type: String) -> Bool {
        guard type.hasPrefix("MapState") || type.hasPrefix("ParallelState") else { return false }
        return ["Succeeded", "Failed", "Aborted", "Exited"].contains { type.hasSuffix($0) }
    }

    private static let containersEnds: Set = ["MapStateSucceeded", "ParallelStateSucceeded"]

    private func clipped(_ text: String, used: Int) -> String {
        guard !isFull else { return text }
        let room = max(24, (output.width ?? 240) - used)
        return text.count <= room ? text : text.prefix(room - 1) + "…"
    }

    private static func seconds(_ duration: Duration) -> String {
        // An event that is dated before the first one is shown at the start.
        let duration = max(.zero, duration)
        let milliseconds = duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
        let fraction = String(milliseconds % 1000)
        return "\(milliseconds / 1000).\(String(repeating: "0", count: 3 - fraction.count))\(fraction)"
    }

    private static func style(of type: String) -> Output.Style {
        for suffix in ["Failed", "TimedOut", "FailStateEntered"] where type.hasSuffix(suffix) { return .red }
        if type.hasSuffix("Aborted") { return .yellow }
        if type.hasSuffix("Succeeded") { return .green }
        return type.hasSuffix("StateEntered") || type.hasSuffix("StateExited") ? .blue : .cyan
    }

    private static func detailsObject(of event: JSONValue) -> JSONValue? {
        event.object?.first { $0.key.hasSuffix("EventDetails") }?.value
    }

    /// What matters most of an event: its error and cause, or its payload, or what it names.
    private static func details(of event: JSONValue, _ type: String) -> String {
        guard let details = detailsObject(of: event) else { return "" }
        if let error = details["error"]?.string {
            return details["cause"]?.string.map { "\(error): \(oneLine($0))" } ?? error
        }
        if let cause = details["cause"]?.string { return oneLine(cause) }
        for member in ["output", "input", "parameters"] {
            if let payload = details[member]?.string { return oneLine(payload) }
        }
        if let resource = details["resource"]?.string { return resource }
        if let length = details["length"]?.text { return length == "1" ? "1 item" : "\(length) items" }
        return ""
    }

    /// JSON without the blanks between its tokens; any other text with its lines one after the other.
    private static func oneLine(_ text: String) -> String {
        if text.first == "{" || text.first == "[", let value = try? JSONValue(parsing: text) { return value.text }
        guard text.unicodeScalars.contains(where: { $0.value < 0x20 }) else { return text }
        return String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 })
    }
}

extension String {
    /// The text with spaces before it up to a width.
    func leftPadded(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
