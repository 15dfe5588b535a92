import JSON

/// A state that lets time pass.
package struct WaitState: Sendable {
    /// Until when.
    ///
    /// Exactly one of the four is in a definition.
    package enum Duration: Sendable {
        /// From 0 to 99,999,999 seconds after the state was entered.
        case seconds(Int)
        case secondsPath(DataPath)
        /// An instant; one that has passed is no wait.
        case timestamp(Timestamp)
        case timestampPath(DataPath)
        case secondsExpression(QueryExpression)
        case timestampExpression(QueryExpression)
    }

    package let duration: Duration
    package let dataFlow: DataFlow
    package let successor: Successor

    package init(duration: Duration, dataFlow: DataFlow, successor: Successor) {
        self.duration = duration
        self.dataFlow = dataFlow
        self.successor = successor
    }
}

extension WaitState {
    init?(reading state: StateReader) {
        let duration = Duration(reading: state)
        let dataFlow = state.dataFlow()
        let successor = state.successor()
        guard let duration, let dataFlow, let successor else { return nil }
        self.init(duration: duration, dataFlow: dataFlow, successor: successor)
    }
}

extension WaitState.Duration {
    fileprivate init?(reading state: StateReader) {
        let fields = state.fields
        fields.exactlyOne(of: "SecondsPath", "Seconds", "TimestampPath", "Timestamp")
        let secondsExpression = state.expression("Seconds", of: fields)
        let timestampExpression = state.expression("Timestamp", of: fields)
        let seconds = fields.integer("Seconds", in: 0...99_999_999)
        let timestamp = Self.timestamp(in: fields)
        let secondsPath = fields.path("SecondsPath", isReference: true)
        let timestampPath = fields.path("TimestampPath", isReference: true)
        if let seconds {
            self = .seconds(seconds)
        } else if let secondsPath {
            self = .secondsPath(secondsPath)
        } else if let timestamp {
            self = .timestamp(timestamp)
        } else if let timestampPath {
            self = .timestampPath(timestampPath)
        } else if let secondsExpression {
            self = .secondsExpression(secondsExpression)
        } else if let timestampExpression {
            self = .timestampExpression(timestampExpression)
        } else {
            return nil
        }
    }

    private static func timestamp(in fields: Fields) -> Timestamp? {
        guard let text = fields.string("Timestamp") else { return nil }
        if let timestamp = Timestamp(rfc3339: text) { return timestamp }
        if fields.language == .jsonata, text.hasPrefix("{%") { return nil }
        Warnings.check(literal: "Timestamp", of: fields)
        fields.findings.schema("String does not match RFC3339 timestamp", at: fields.place(of: "Timestamp"))
        return nil
    }
}
