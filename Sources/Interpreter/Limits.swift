/// What an execution may use up.
///
/// AWS's quotas are settings here; the rest bounds one transition.
package struct Limits: Sendable, Equatable {
    /// The longest input, output or result of a state, in bytes of UTF-8.
    ///
    /// Over it: `States.DataLimitExceeded`.
    package var maxPayloadBytes: Int
    /// The longest variable, and the most that one Assign may assign, in bytes of UTF-8.
    package var maxAssignedBytes: Int
    /// The most that all variables that a branch can read may have together, in bytes of UTF-8.
    package var maxVariableBytes: Int
    /// States that one transition may chain before it must be committed.
    package var maxChainedStates: Int
    /// Bytes of payloads that one transition may write before it must be committed.
    package var maxChainBytes: Int
    /// Events that an execution's history may hold; `nil` is any number.
    ///
    /// Checked where the next event's id is known, so an execution of many branches may pass it by a transition of each.
    package var maxHistoryEvents: Int?
    /// Whether the tolerated-failure fields count on inline Maps, where AWS ignores them (DESIGN §8).
    package var toleratesInlineFailures: Bool
    /// What TaskScheduled events say for `region`.
    package var region: String

    package init(
        maxPayloadBytes: Int = 262_144,
        maxAssignedBytes: Int = 262_144,
        maxVariableBytes: Int = 10_485_760,
        maxChainedStates: Int = 1_000,
        maxChainBytes: Int = 1_048_576,
        maxHistoryEvents: Int? = nil,
        toleratesInlineFailures: Bool = true,
        region: String = "us-east-1"
    ) {
        self.maxPayloadBytes = maxPayloadBytes
        self.maxAssignedBytes = maxAssignedBytes
        self.maxVariableBytes = maxVariableBytes
        self.maxChainedStates = maxChainedStates
        self.maxChainBytes = maxChainBytes
        self.maxHistoryEvents = maxHistoryEvents
        self.toleratesInlineFailures = toleratesInlineFailures
        self.region = region
    }
}
