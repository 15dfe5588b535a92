import JSON

/// The names that a definition gives: of states, and of the runs of its distributed Maps.
struct NameRules {
    static let longestStateName = 80
    static let longestLabel = 40

    private var states: Set<String> = []
    private var labels: Set<String> = []

    /// Notes a state's name: at most 80 characters, and unique in the whole definition.
    mutating func add(state name: String, at place: JSONPointer, into findings: Findings) {
        if name.unicodeScalars.count > Self.longestStateName {
            findings.add(
                .invalidStateName,
                "State name '\(name)' exceeds the \(Self.longestStateName)-character limit allowed by the service",
                at: place
            )
        }
        if name.isEmpty { findings.add(.invalidStateName, "State name cannot be empty", at: place) }
        if name.utf8.contains(0) { findings.add(.invalidStateName, "State name cannot hold U+0000", at: place) }
        if !states.insert(name).inserted {
            findings.add(.duplicateStateName, "Duplicate State name: \(name)", at: place)
        }
    }

    /// Notes a Map's label: at most 40 characters of those that may stand in an ARN, and unique in the definition.
    mutating func add(label: String, at place: JSONPointer, into findings: Findings) {
        if label.unicodeScalars.count > Self.longestLabel {
            findings.add(
                .invalidLabelName,
                "Label '\(label)' exceeds the \(Self.longestLabel)-character limit allowed by the service",
                at: place
            )
        }
        if label.isEmpty { findings.add(.invalidLabelName, "Label cannot be empty", at: place) }
        if let scalar = label.unicodeScalars.first(where: Self.isForbidden) {
            findings.add(.invalidLabelName, "Label contains invalid character: '\(scalar)'", at: place)
        }
        if !labels.insert(label).inserted {
            findings.add(.duplicateLabelName, "Duplicate Label name: \(label)", at: place)
        }
    }

    /// What no name in an ARN may hold.
    ///
    /// Source: reference §14, §18.
    static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x20, 0x7F...0xA0, 0xFFFE...0xFFFF, 0x10FFFF: true
        default: scalar.properties.isWhitespace || "<>{}[]?*\"#%\\^|~`$&,;:/".unicodeScalars.contains(scalar)
        }
    }
}
