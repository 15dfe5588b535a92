package import JSON

/// What an execution is known by: the part of the context object that is the same in all its states.
package struct ExecutionInfo: Sendable {
    /// The execution's ARN.
    package var id: String
    package var name: String
    /// What it was started with.
    package var input: JSONText
    package var roleARN: String
    package var startTime: Timestamp
    /// `nil` where there is no redrive, in Express executions.
    package var redriveCount: Int?
    /// When it was redriven last; `nil` if it never was.
    package var redriveTime: Timestamp?
    /// The state machine's ARN.
    package var stateMachineID: String
    package var stateMachineName: String
    /// The ARNs of the version and the alias through which it was started, for its first event; not known afterwards.
    package var stateMachineVersionID: String?
    package var stateMachineAliasID: String?
    /// What Tasks give instead of being performed, where it is a test.
    package var doubles: TestDoubles?

    package init(
        id: String,
        name: String,
        input: JSONText,
        roleARN: String,
        startTime: Timestamp,
        redriveCount: Int? = 0,
        redriveTime: Timestamp? = nil,
        stateMachineID: String,
        stateMachineName: String
    ) {
        self.id = id
        self.name = name
        self.input = input
        self.roleARN = roleARN
        self.startTime = startTime
        self.redriveCount = redriveCount
        self.redriveTime = redriveTime
        self.stateMachineID = stateMachineID
        self.stateMachineName = stateMachineName
    }
}
