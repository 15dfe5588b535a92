package import StatesLanguage

extension ExecutionRecord {
    /// How long after its end an execution may be redriven (quota).
    package static let redrivePeriod: Duration = .seconds(14 * 86_400)
    /// How old an execution may be to be redriven (quota).
    package static let longestRun: Duration = .seconds(366 * 86_400)

    /// Why it cannot be redriven, in AWS's words; `nil` if it can.
    ///
    /// Source: reference §15; RedriveExecution's API reference.
    package func redriveRefusal(at now: Timestamp) -> String? {
        switch status {
        case .running, .succeeded: return "Execution is \(status.rawValue) and cannot be redriven"
        case .failed, .timedOut, .aborted: break
        }
        if machineStatus != .active { return "State machine is in DELETING status" }
        if let stopped = summary.stoppedAt, now - stopped > Self.redrivePeriod {
            return "Execution redrivable period exceeded"
        }
        if now - summary.startedAt > Self.longestRun { return "Execution has exceeded the max execution time" }
        return nil
    }
}
