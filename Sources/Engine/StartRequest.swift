package import JSON
package import StatesLanguage
package import Store

/// What `startExecution` is asked for.
package struct StartRequest: Sendable {
    /// The machine, with the revision that the execution pins.
    package var machine: StateMachineRecord
    /// The name that it is given; `nil` leaves it its id.
    package var name: String?
    package var input: JSONText
    package var traceHeader: String?
    /// The version, and the alias, through which it is started.
    package var version: Int?
    package var alias: String?
    /// The request id of the attempt that asks for it; asked again, it finds what it has started.
    package var startedBy: String?
    /// The attempt that waits for its end.
    package var link: NestedLink?
    /// What its Tasks give instead of being performed.
    package var doubles: TestDoubles?

    package init(
        machine: StateMachineRecord,
        name: String?,
        input: JSONText,
        traceHeader: String? = nil,
        version: Int? = nil,
        alias: String? = nil
    ) {
        self.machine = machine
        self.name = name
        self.input = input
        self.traceHeader = traceHeader
        self.version = version
        self.alias = alias
    }
}

/// What came of it.
package enum StartOutcome: Sendable, Equatable {
    case started(ExecutionID, at: Timestamp)
    /// The same request, name and input, found the execution that it had started, which still runs.
    case sameRunning(ExecutionID, startedAt: Timestamp)
    /// Another execution has the name: with another input, or one that has ended.
    case nameTaken(ExecutionID)
}

/// What came of asking an execution to stop.
package enum StopOutcome: Sendable, Equatable {
    case stopped(at: Timestamp)
    /// It had ended before.
    case alreadyStopped(at: Timestamp)
    case notFound
}
