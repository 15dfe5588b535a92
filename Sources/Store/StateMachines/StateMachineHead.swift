package import StatesLanguage

/// What of a state machine may change, without the texts of its revision, which never do.
package struct StateMachineHead: Sendable, Equatable {
    package var id: StateMachineID
    package var name: String
    package var type: StateMachineType
    package var status: StateMachineRecord.Status
    package var revisionID: RevisionID
    package var createdAt: Timestamp
}
