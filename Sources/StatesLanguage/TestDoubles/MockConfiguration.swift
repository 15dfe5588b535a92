package import JSON

/// What a mock configuration file says, in the format of AWS Step Functions Local: what Tasks give in the test cases of
/// state machines.
///
/// ```json
/// {
///   "StateMachines": {"Orders": {"TestCases": {"Declined": {"Charge": "ChargeTwice"}}}},
///   "MockedResponses": {
///     "ChargeTwice": {"0": {"Throw": {"Error": "Busy", "Cause": "..."}}, "1-2": {"Return": {"charged": false}}}
///   }
/// }
/// ```
///
/// A test case names states and for each the responses of its attempts, the first of which is 0 and any further one a retry.
/// Source: Step Functions developer guide, "Testing with mocked service integrations".
package struct MockConfiguration: Sendable, Equatable {
    private let machines: [String: [String: TestDoubles]]

    /// Reads a file's text.
    ///
    /// - Throws: All that is wrong with it.
    package init(parsing text: String) throws(MockConfigurationError) {
        let value: JSONValue
        do { value = try JSONValue(parsing: text, duplicateKeys: .refused) } catch {
            throw MockConfigurationError(problems: [.init(message: "this is not JSON: \(error)", place: JSONPointer())])
        }
        var reader = MockConfigurationReader()
        machines = reader.machines(value)
        guard reader.problems.isEmpty else { throw MockConfigurationError(problems: reader.problems) }
    }

    /// The test case of a state machine; `nil` if the file has none of that name.
    package func testCase(_ name: String, of machine: String) -> TestDoubles? { machines[machine]?[name] }

    /// The names of a state machine's test cases, in order.
    package func testCases(of machine: String) -> [String] { machines[machine]?.keys.sorted() ?? [] }
}

/// Why a mock configuration file cannot be used.
package struct MockConfigurationError: Error, Equatable, CustomStringConvertible {
    package struct Problem: Sendable, Equatable {
        package let message: String
        package let place: JSONPointer
    }

    /// All that is wrong, in the file's order.
    package let problems: [Problem]

    package var description: String {
        problems.map { "\($0.message) at \($0.place)" }.joined(separator: "; ")
    }
}
