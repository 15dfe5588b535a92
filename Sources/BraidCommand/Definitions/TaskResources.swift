import JSON

/// The Resources of a definition's Tasks, at all depths, read from the document as it stands.
enum TaskResources {
    static func all(in graph: JSONValue, at place: JSONPointer = JSONPointer()) -> [(text: String, place: JSONPointer)]
    {
        var found: [(text: String, place: JSONPointer)] = []
        for (name, state) in graph["States"]?.object ?? [:] {
            let place = place.appending("States").appending(name)
            if state["Type"]?.string == "Task", let text = state["Resource"]?.string {
                found.append((text, place.appending("Resource")))
            }
            for (index, branch) in (state["Branches"]?.array ?? []).enumerated() {
                found += all(in: branch, at: place.appending("Branches").appending(index))
            }
            for name in ["ItemProcessor", "Iterator"] {
                if let processor = state[name] { found += all(in: processor, at: place.appending(name)) }
            }
        }
        return found
    }
}
