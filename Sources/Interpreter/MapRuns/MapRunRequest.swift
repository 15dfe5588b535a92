package import JSON
package import StatesLanguage

/// What a Distributed Map asks for: a run of it, all its fields evaluated but those that each item has its own value of.
///
/// The branch keeps it as JSON in its `taskInput` while the run goes on, so that whoever takes the branch over goes on with
/// the same. Concurrency and thresholds are those at the start; a run's may be changed meanwhile.
package struct MapRunRequest: Sendable, Equatable {
    /// A UUID: the last part of the run's ARN.
    package var id: String
    /// What the run and its children are named after.
    package var label: String
    /// The Map state.
    package var state: String
    /// Whether the children are durable executions or run in memory.
    package var type: StateMachineType
    /// When the state's fields were evaluated; `nil` of a run that was asked for before that was kept.
    package var evaluatedAt: Timestamp?
    /// How many children run at once; 0 is as many as may be.
    package var maxConcurrency: Int
    /// How many items may fail; `nil` where only the share counts, or nothing was said.
    package var toleratedFailures: Int?
    /// Which share of the items may fail, in percent.
    package var toleratedPercentage: Double?
    /// What the reader's source is asked with; `nil` where the items are the state's.
    package var reader: JSONObject?
    /// How many items are read at most.
    package var maxItems: Int?
    package var batchItems: Int?
    package var batchBytes: Int?
    package var batchInput: JSONText?
    /// Where results are exported to; `nil` where they are the state's result.
    package var writer: JSONObject?

    init(id: String, label: String, state: String, type: StateMachineType, maxConcurrency: Int) {
        self.id = id
        self.label = label
        self.state = state
        self.type = type
        self.maxConcurrency = maxConcurrency
    }
}

extension MapRunRequest {
    /// Where the run's items, or what one of them is selected as, get their random numbers from.
    ///
    /// The run decides them: whoever evaluates that again, and wherever, comes to the same.
    ///
    /// - Parameter item: The item, counted from 0; `nil` for what comes before all items.
    /// - Returns: A generator whose numbers it shares with no other item.
    func generator(of item: Int? = nil) -> SeededGenerator {
        let digits = id.filter { $0 != "-" }
        let high = UInt64(digits.prefix(16), radix: 16) ?? 0
        let low = UInt64(digits.dropFirst(16), radix: 16) ?? 0
        let place = item.map { UInt64($0) + 1 } ?? 0
        let seed = (SeededGenerator.mix(high) ^ low) &+ SeededGenerator.mix(place)
        return SeededGenerator(seed: SeededGenerator.mix(seed))
    }

    /// As the branch keeps it.
    var text: JSONText {
        var object: JSONObject = [
            "Id": .string(id), "Label": .string(label), "ExecutionType": .string(type.rawValue),
            "MaxConcurrency": .number(JSONNumber(maxConcurrency)),
        ]
        object["EvaluatedAt"] = evaluatedAt.map { .number(JSONNumber(Int($0.microseconds))) }
        object["ToleratedFailureCount"] = toleratedFailures.map { .number(JSONNumber($0)) }
        object["ToleratedFailurePercentage"] = toleratedPercentage.map { .string("\($0)") }
        object["Reader"] = reader.map { .object($0) }
        object["MaxItems"] = maxItems.map { .number(JSONNumber($0)) }
        object["BatchItems"] = batchItems.map { .number(JSONNumber($0)) }
        object["BatchBytes"] = batchBytes.map { .number(JSONNumber($0)) }
        object["BatchInput"] = batchInput.map { .string($0.text) }
        object["Writer"] = writer.map { .object($0) }
        return JSONText(.object(object))
    }

    init?(_ text: JSONText, state: String) {
        let value = text.value
        guard let id = value["Id"]?.string, let label = value["Label"]?.string,
            let type = value["ExecutionType"]?.string.flatMap({ StateMachineType(rawValue: $0) }),
            let concurrency = value["MaxConcurrency"]?.int
        else { return nil }
        self.init(id: id, label: label, state: state, type: type, maxConcurrency: concurrency)
        evaluatedAt = value["EvaluatedAt"]?.int.map { Timestamp(microseconds: Int64($0)) }
        toleratedFailures = value["ToleratedFailureCount"]?.int
        toleratedPercentage = value["ToleratedFailurePercentage"]?.string.flatMap { Double($0) }
        reader = value["Reader"]?.object
        maxItems = value["MaxItems"]?.int
        batchItems = value["BatchItems"]?.int
        batchBytes = value["BatchBytes"]?.int
        batchInput = value["BatchInput"]?.string.map { JSONText(trusted: $0) }
        writer = value["Writer"]?.object
    }
}

extension Interpreter {
    /// Returns the run that a branch waits for; `nil` if it waits for none.
    package func mapRun(of branch: Branch) -> MapRunRequest? {
        guard branch.phase == .distributed, let text = branch.taskInput else { return nil }
        return MapRunRequest(text, state: branch.state)
    }
}
