package import JSON

/// What Tasks of an execution give instead of being performed: one test case of a ``MockConfiguration``.
///
/// It belongs to its execution as its input does, and is kept with it: what the file says later does not change it.
package struct TestDoubles: Sendable, Equatable {
    /// What one attempt gives.
    package enum Response: Sendable, Equatable {
        case result(JSONText)
        case failure(error: String?, cause: String?)
    }

    /// The test case's name.
    package let testCase: String
    /// Each state's responses, in the order of its attempts.
    private let responses: [String: [MockedResponse]]

    init(testCase: String, responses: [String: [MockedResponse]]) {
        self.testCase = testCase
        self.responses = responses
    }

    /// Whether a state's Tasks are not performed.
    package func cover(_ state: String) -> Bool { responses[state] != nil }

    /// What an attempt gives, the first of which is 0; `nil` where the test case says nothing of it.
    package func response(of state: String, attempt: Int) -> Response? {
        responses[state]?.first { $0.attempts.contains(attempt) }?.response
    }
}

/// What a row of consecutive attempts gives.
struct MockedResponse: Sendable, Equatable {
    let attempts: ClosedRange<Int>
    let response: TestDoubles.Response
}

// MARK: - Kept with an execution

extension TestDoubles {
    private static let name = "TestCase"
    private static let states = "States"

    /// The doubles as they are stored.
    package var text: String {
        let states = responses.sorted { $0.key < $1.key }.map { state, responses in
            (key: state, value: JSONValue.object(JSONObject(responses.map(\.member))))
        }
        return JSONValue.object([Self.name: .string(testCase), Self.states: .object(JSONObject(states))]).text
    }

    /// Takes doubles back from where they were stored; `nil` for a text that none were stored as.
    package init?(text: String) {
        let value = JSONText(trusted: text).value
        guard let name = value[Self.name]?.string, let states = value[Self.states]?.object else { return nil }
        var reader = MockConfigurationReader()
        var responses: [String: [MockedResponse]] = [:]
        for (state, value) in states {
            responses[state] = reader.responses(value, at: JSONPointer().appending(Self.states).appending(state))
        }
        guard reader.problems.isEmpty else { return nil }
        self.init(testCase: name, responses: responses)
    }
}

extension MockedResponse {
    fileprivate var member: (key: String, value: JSONValue) {
        let isOne = attempts.count == 1
        let key = isOne ? "\(attempts.lowerBound)" : "\(attempts.lowerBound)-\(attempts.upperBound)"
        switch response {
        case .result(let result): return (key, ["Return": result.value])
        case .failure(let error, let cause):
            var failure = JSONObject()
            failure["Error"] = error.map { .string($0) }
            failure["Cause"] = cause.map { .string($0) }
            return (key, ["Throw": .object(failure)])
        }
    }
}
