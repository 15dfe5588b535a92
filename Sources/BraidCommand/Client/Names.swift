import JSON

/// The short names that people may type instead of ARNs.
extension RemoteService {
    /// Returns the ARN of the state machine that an ARN or a name means, with the test case that either may have behind `#`.
    func stateMachineARN(of text: String) async throws -> String {
        if text.hasPrefix("arn:") { return text }
        if let hash = text.firstIndex(of: "#"), hash > text.startIndex {
            return try await stateMachineARN(of: String(text[..<hash])) + text[hash...]
        }
        guard let arn = try await findStateMachine(named: text) else {
            var names: [String] = []
            try await pages(of: "ListStateMachines", ["maxResults": 1000], member: "stateMachines") { machine in
                if let name = machine["name"]?.string { names.append(name) }
                return true
            }
            let guess = Suggestion.closest(to: text, among: names).map { "Did you mean '\($0)'?" }
            throw CommandFailure(
                .failure,
                "no state machine is named '\(text)'",
                hint: guess ?? "'braid list' shows those that there are."
            )
        }
        return arn
    }

    /// Returns the ARN of the state machine with a name, if there is one.
    func findStateMachine(named name: String) async throws -> String? {
        var found: String?
        try await pages(of: "ListStateMachines", ["maxResults": 1000], member: "stateMachines") { machine in
            if machine["name"]?.string == name { found = machine["stateMachineArn"]?.string }
            return found == nil
        }
        return found
    }

    /// Returns the ARN of the execution that is meant: its ARN, `MACHINE:NAME`, or `MACHINE` for its latest one.
    ///
    /// - Parameters:
    ///   - text: What was typed.
    ///   - status: Of the latest, the latest in this status, if there is one in it.
    /// - Throws: Where no machine has that name, or it has no execution.
    /// - Returns: The ARN; an execution of a name need not exist.
    func executionARN(of text: String, preferring status: String? = nil) async throws -> String {
        if text.hasPrefix("arn:") { return text }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let machine = try await stateMachineARN(of: parts[0])
        if parts.count == 2, !parts[1].isEmpty {
            guard let place = machine.firstRange(of: ":stateMachine:") else { return machine }
            return machine.replacingCharacters(in: place, with: ":execution:") + ":\(parts[1])"
        }
        var request: JSONObject = ["stateMachineArn": .string(machine), "maxResults": 1]
        if let status {
            request["statusFilter"] = .string(status)
            let latest = try await call("ListExecutions", request)
            if let arn = latest["executions"]?[0]?["executionArn"]?.string { return arn }
            request["statusFilter"] = nil
        }
        let latest = try await call("ListExecutions", request)
        guard let arn = latest["executions"]?[0]?["executionArn"]?.string else {
            throw CommandFailure(.failure, "the state machine '\(parts[0])' has no execution yet")
        }
        return arn
    }

    /// Returns the ARN of the map run that is meant: its ARN, or an execution, as ``executionARN(of:preferring:)`` takes it,
    /// whose last run it is.
    func mapRunARN(of text: String) async throws -> String {
        if text.hasPrefix("arn:"), text.contains(":mapRun:") { return text }
        let execution = try await executionARN(of: text)
        let latest = try await call("ListMapRuns", ["executionArn": .string(execution), "maxResults": 1])
        guard let arn = latest["mapRuns"]?[0]?["mapRunArn"]?.string else {
            throw CommandFailure(.failure, "the execution '\(text)' has run no Distributed Map")
        }
        return arn
    }
}

extension String {
    fileprivate func replacingCharacters(in range: Range<String.Index>, with text: String) -> String {
        self[..<range.lowerBound] + text + self[range.upperBound...]
    }
}
