import JSON

/// Reads a mock configuration, and notes all that is wrong with it.
struct MockConfigurationReader {
    private(set) var problems: [MockConfigurationError.Problem] = []

    /// The test cases of each state machine.
    mutating func machines(_ root: JSONValue) -> [String: [String: TestDoubles]] {
        guard let root = object(root, "the file", at: JSONPointer()) else { return [:] }
        var responses: [String: [MockedResponse]] = [:]
        for (name, value, place) in members(of: root, "MockedResponses", isRequired: false, at: JSONPointer()) {
            responses[name] = self.responses(value, at: place)
        }
        var machines: [String: [String: TestDoubles]] = [:]
        for (machine, value, place) in members(of: root, "StateMachines", isRequired: true, at: JSONPointer()) {
            guard let fields = object(value, "a state machine", at: place) else { continue }
            var cases: [String: TestDoubles] = [:]
            for (name, value, place) in members(of: fields, "TestCases", isRequired: true, at: place) {
                cases[name] = testCase(name, value, responses, at: place)
            }
            machines[machine] = cases
        }
        return machines
    }

    /// The responses of one state, by attempt.
    mutating func responses(_ value: JSONValue, at place: JSONPointer) -> [MockedResponse] {
        guard let members = object(value, "a mocked response", at: place) else { return [] }
        if members.isEmpty { note("a mocked response needs one for attempt 0 at least", at: place) }
        var responses: [MockedResponse] = []
        for (key, value) in members {
            let place = place.appending(key)
            guard let attempts = Self.attempts(key) else {
                note("'\(key)' is neither the number of an attempt, such as 0, nor a range, such as 1-3", at: place)
                continue
            }
            guard let response = response(value, at: place) else { continue }
            responses.append(MockedResponse(attempts: attempts, response: response))
        }
        responses.sort { $0.attempts.lowerBound < $1.attempts.lowerBound }
        guard responses.count == members.count else { return responses }
        var next = 0
        for response in responses {
            let first = response.attempts.lowerBound
            if first < next { note("attempt \(first) has two responses", at: place) }
            if first > next { note("attempt \(next) has no response, but attempt \(first) has", at: place) }
            next = max(next, response.attempts.upperBound + 1)
        }
        return responses
    }

    // MARK: - Parts

    private mutating func testCase(
        _ name: String,
        _ value: JSONValue,
        _ responses: [String: [MockedResponse]],
        at place: JSONPointer
    ) -> TestDoubles? {
        guard let states = object(value, "a test case", at: place) else { return nil }
        var mocked: [String: [MockedResponse]] = [:]
        for (state, value) in states {
            let place = place.appending(state)
            guard let name = value.string else {
                note("a state is given the name of a mocked response, not \(value.kind)", at: place)
                continue
            }
            guard let found = responses[name] else {
                note("there is no mocked response '\(name)'", at: place)
                continue
            }
            mocked[state] = found
        }
        return TestDoubles(testCase: name, responses: mocked)
    }

    private mutating func response(_ value: JSONValue, at place: JSONPointer) -> TestDoubles.Response? {
        guard let members = object(value, "a response", at: place) else { return nil }
        for key in members.keys where key != "Return" && key != "Throw" {
            note("a response has either Return or Throw, not '\(key)'", at: place)
        }
        switch (members["Return"], members["Throw"]) {
        case (let result?, nil): return .result(JSONText(result))
        case (nil, let failure?): return thrown(failure, at: place.appending("Throw"))
        case (nil, nil): note("a response needs Return or Throw", at: place)
        case (_?, _?): note("a response cannot have both Return and Throw", at: place)
        }
        return nil
    }

    private mutating func thrown(_ value: JSONValue, at place: JSONPointer) -> TestDoubles.Response? {
        guard let members = object(value, "Throw", at: place) else { return nil }
        let before = problems.count
        for (key, value) in members {
            guard key == "Error" || key == "Cause" else {
                note("Throw has Error and Cause, not '\(key)'", at: place)
                continue
            }
            if value.string == nil { note("\(key) must be a string, not \(value.kind)", at: place.appending(key)) }
        }
        if members["Error"] == nil { note("Throw needs an Error", at: place) }
        guard problems.count == before else { return nil }
        return .failure(error: members["Error"]?.string, cause: members["Cause"]?.string)
    }

    /// The attempts of a key: `0`, or `1-3`.
    private static func attempts(_ key: String) -> ClosedRange<Int>? {
        let ends = key.split(separator: "-", omittingEmptySubsequences: false)
        let isNumber = ends.allSatisfy { !$0.isEmpty && $0.utf8.count <= 9 && $0.utf8.allSatisfy { 0x30...0x39 ~= $0 } }
        guard isNumber, ends.count <= 2, let first = ends.first.flatMap({ Int($0) }),
            let last = ends.last.flatMap({ Int($0) }), first <= last
        else { return nil }
        return first...last
    }

    private mutating func members(
        of object: JSONObject,
        _ name: String,
        isRequired: Bool,
        at place: JSONPointer
    ) -> [(name: String, value: JSONValue, place: JSONPointer)] {
        guard let value = object[name] else {
            if isRequired { note("the field '\(name)' is missing", at: place) }
            return []
        }
        let place = place.appending(name)
        guard let members = self.object(value, name, at: place) else { return [] }
        return members.map { ($0.key, $0.value, place.appending($0.key)) }
    }

    private mutating func object(_ value: JSONValue, _ what: String, at place: JSONPointer) -> JSONObject? {
        if let object = value.object { return object }
        note("\(what) must be an object, not \(value.kind)", at: place)
        return nil
    }

    private mutating func note(_ message: String, at place: JSONPointer) {
        problems.append(.init(message: message, place: place))
    }
}

extension JSONValue {
    /// What it is called in messages.
    fileprivate var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
