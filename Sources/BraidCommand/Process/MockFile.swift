import API
import StatesLanguage

/// A mock configuration file, read when a process begins and again for each test case: it may be edited meanwhile.
struct MockFile: Sendable {
    let path: String

    /// Reads it.
    func read() throws(CommandFailure) -> MockConfiguration {
        let text = try DefinitionFile.text(of: path)
        do { return try MockConfiguration(parsing: text) } catch {
            let problems = error.problems.map { "\n  \($0.message) at \($0.place)" }.joined()
            throw CommandFailure(.usage, "the mock configuration file \(path) cannot be used:\(problems)")
        }
    }

    /// The doubles of a test case.
    func testCase(_ name: String, of machine: String) throws(CommandFailure) -> TestDoubles {
        let configuration = try read()
        if let doubles = configuration.testCase(name, of: machine) { return doubles }
        let known = configuration.testCases(of: machine)
        throw CommandFailure(
            .usage,
            "the mock configuration file \(path) has no test case '\(name)' of '\(machine)'",
            hint: known.isEmpty ? nil : "It has \(known.joined(separator: ", "))."
        )
    }

    /// The same for the service.
    @Sendable func lookUp(_ name: String, _ machine: String) throws(UnknownTestCase) -> TestDoubles {
        do { return try testCase(name, of: machine) } catch { throw UnknownTestCase("\(error)") }
    }
}

extension CommandSyntax.Option {
    static let mockConfiguration = Self(
        "mock-config",
        "FILE",
        "the mock configuration file: what Tasks give in test cases, as in Step Functions Local",
        variable: "SFN_MOCK_CONFIG"
    )
}
