package import JSON

/// What `$$` stands for.
///
/// Source: Step Functions Developer Guide, "Context object"; members and their order as recorded.
package struct ContextObject: Sendable {
    /// The item of a Map state's iteration.
    package struct MapItem: Sendable {
        /// Counted from 0.
        package var index: Int
        package var value: JSONText
        /// The member's name, where the items are an object's members.
        package var key: String?
        /// Where the items come from; `STATE_DATA` is the state's input.
        package var source: String?

        package init(index: Int, value: JSONText, key: String? = nil, source: String? = nil) {
            self.index = index
            self.value = value
            self.key = key
            self.source = source
        }
    }

    package var execution: ExecutionInfo
    package var stateName: String
    package var enteredTime: Timestamp
    /// Retries of this state so far; `nil` in the states that have no Retry, where the member is left out.
    package var retryCount: Int?
    /// Only in a Task that waits for a token.
    package var taskToken: String?
    package var mapItem: MapItem?
    /// What stands for all of it but the item, where a state is tested outside an execution.
    package var given: JSONValue?

    package init(
        execution: ExecutionInfo,
        stateName: String,
        enteredTime: Timestamp,
        retryCount: Int? = nil,
        taskToken: String? = nil,
        mapItem: MapItem? = nil,
        given: JSONValue? = nil
    ) {
        self.execution = execution
        self.stateName = stateName
        self.enteredTime = enteredTime
        self.retryCount = retryCount
        self.taskToken = taskToken
        self.mapItem = mapItem
        self.given = given
    }

    /// The whole object.
    ///
    /// It parses the execution's input and the item, each time anew.
    package var value: JSONValue { value(of: .all) }
}

// MARK: - Parts

extension ContextObject {
    /// The part of the context object that a path can reach, so that reading `$$.State.Name` parses no payload.
    struct Part: OptionSet, Sendable, Hashable {
        let rawValue: Int

        static let executionInput = Part(rawValue: 1)
        static let mapItemValue = Part(rawValue: 2)
        static let all: Part = [.executionInput, .mapItemValue]
    }

    /// Returns the object, in which `null` stands for the payloads that are not asked for.
    func value(of part: Part) -> JSONValue {
        var members = given?.object ?? ownMembers(part)
        if let mapItem { members["Map"] = ["Item": .object(self.members(of: mapItem, part))] }
        if let taskToken, given == nil { members["Task"] = ["Token": .string(taskToken)] }
        return .object(members)
    }

    private func ownMembers(_ part: Part) -> JSONObject {
        [
            "Execution": .object(executionMembers(part)),
            "StateMachine": ["Id": .string(execution.stateMachineID), "Name": .string(execution.stateMachineName)],
            "State": .object(stateMembers),
        ]
    }

    private func members(of mapItem: MapItem, _ part: Part) -> JSONObject {
        var item: JSONObject = ["Index": .number(JSONNumber(mapItem.index))]
        if let key = mapItem.key { item["Key"] = .string(key) }
        item["Value"] = part.contains(.mapItemValue) ? mapItem.value.value : .null
        if let source = mapItem.source { item["Source"] = .string(source) }
        return item
    }

    private func executionMembers(_ part: Part) -> JSONObject {
        var members: JSONObject = [
            "Id": .string(execution.id),
            "Input": part.contains(.executionInput) ? execution.input.value : .null,
            "StartTime": .string(execution.startTime.rfc3339),
            "Name": .string(execution.name),
            "RoleArn": .string(execution.roleARN),
        ]
        if let count = execution.redriveCount { members["RedriveCount"] = .number(JSONNumber(count)) }
        if let time = execution.redriveTime { members["RedriveTime"] = .string(time.rfc3339) }
        return members
    }

    private var stateMembers: JSONObject {
        var members: JSONObject = ["Name": .string(stateName), "EnteredTime": .string(enteredTime.rfc3339)]
        if let retryCount { members["RetryCount"] = .number(JSONNumber(retryCount)) }
        return members
    }
}
