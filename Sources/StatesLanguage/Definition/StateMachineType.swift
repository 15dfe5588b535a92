/// How executions of a state machine are kept: durably with a history, or in memory.
package enum StateMachineType: String, Sendable, CaseIterable {
    case standard = "STANDARD"
    case express = "EXPRESS"
}
