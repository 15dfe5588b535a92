package import JSON
package import StatesLanguage

/// One attempt of a Task.
package struct TaskRequest: Sendable {
    package var state: String
    package var resource: Resource
    /// The effective input: what InputPath and Parameters made of the state's input.
    package var input: JSONText
    package var heartbeat: Duration?
    /// When it times out; `nil` is never.
    package var deadline: Timestamp?
    package var retryCount: Int
    package var token: String?
    /// The id of the event that it began with, in an execution in memory.
    package var eventID: Int?

    package init(
        state: String,
        resource: Resource,
        input: JSONText,
        heartbeat: Duration? = nil,
        deadline: Timestamp? = nil,
        retryCount: Int = 0,
        token: String? = nil
    ) {
        self.state = state
        self.resource = resource
        self.input = input
        self.heartbeat = heartbeat
        self.deadline = deadline
        self.retryCount = retryCount
        self.token = token
    }
}
