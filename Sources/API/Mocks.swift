package import StatesLanguage

/// Finds what Tasks give in a test case of a state machine.
package typealias Mocks =
    @Sendable (_ testCase: String, _ machine: String) throws(UnknownTestCase) -> TestDoubles

/// Why an execution cannot be started under a test case.
package struct UnknownTestCase: Error, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}

extension Service {
    /// What Tasks give in a test case under which an execution of a machine is to be started.
    func doubles(of testCase: String, for machine: String) throws(ServiceError) -> TestDoubles {
        guard let mocks else {
            throw ServiceError(
                "InvalidName",
                "Invalid Name: there is no test case '\(testCase)' of '\(machine)': no mock configuration file was given (SFN_MOCK_CONFIG)"
            )
        }
        do { return try mocks(testCase, machine) } catch {
            throw ServiceError("InvalidName", "Invalid Name: \(error)")
        }
    }
}
