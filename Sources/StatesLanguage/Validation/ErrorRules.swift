import JSON

/// What `ErrorEquals` of a Retrier or Catcher may name.
extension Fields {
    /// Reads `ErrorEquals`: at least one name, and `States.ALL` only alone and only in the last of its kind.
    ///
    /// Own names that begin `States.` are accepted, as AWS does, though the specification reserves them.
    func errorEquals(isLast: Bool) -> [String]? {
        guard let elements = nonEmptyArray("ErrorEquals") else { return nil }
        let place = place(of: "ErrorEquals")
        var names: [String] = []
        for (index, element) in elements.enumerated() {
            if let name = element.string {
                names.append(name)
            } else {
                findings.schema("Expected value of type String", at: place.appending(index))
            }
        }
        if names.contains(ErrorName.all), elements.count > 1 || !isLast {
            findings.schema("States.ALL must appear alone and at end of list", at: place)
        }
        return names.count == elements.count ? names : nil
    }
}
