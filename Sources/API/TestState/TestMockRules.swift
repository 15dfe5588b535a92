import Interpreter
import JSON
import StatesLanguage

/// The members of a request's `mock`.
struct MockMembers {
    let result: String?
    let error: Failure?
    let mode: Mode

    /// How a mocked result is held against what the service answers.
    enum Mode: String, CaseIterable {
        /// What is required must be there, and what is there must fit.
        case strict = "STRICT"
        /// What is there must fit.
        case present = "PRESENT"
        case none = "NONE"
    }

    init(_ members: inout RequestMembers) throws(ServiceError) {
        result = try members.optionalString("result", length: 0...262_144, isSecret: true)
        error = try members.structure("errorOutput") { output throws(ServiceError) in
            try Failure(
                error: output.optionalString("error", length: 0...256, isSecret: true),
                cause: output.optionalString("cause", length: 0...32_768, isSecret: true)
            )
        }
        mode =
            Mode(rawValue: try members.word("fieldValidationMode", of: Mode.allCases.map(\.rawValue)) ?? "") ?? .strict
    }
}

/// Which states take a mock, which need one, and what a mock may be.
///
/// Messages: recorded test_state_mock_validation and test_base_lambda_service_task_state_no_role_arn_validation.
enum TestMockRules {
    /// Returns what stands for the state's work, if anything does.
    static func mock(
        _ members: MockMembers?,
        of state: State,
        revealsSecrets: Bool
    ) throws(ServiceError) -> StateTest.Mock? {
        guard let members else { return nil }
        switch state.body {
        case .task, .parallel, .map: break
        case .pass, .wait, .choice, .succeed, .fail:
            throw .validation("State type '\(state.type.rawValue)' is not supported when a mock is specified")
        }
        guard !revealsSecrets else {
            throw .validation("TestState does not support RevealSecrets when a mock is specified.")
        }
        switch (members.result, members.error) {
        case (nil, let failure?):
            guard failure.error?.isEmpty == false else {
                throw .validation("The error of a mocked errorOutput must be specified.")
            }
            return .failure(failure)
        case (let text?, nil): return .result(try result(text, of: state, members.mode))
        default:
            throw .validation("A test mock should have only one of the following fields: [result, errorOutput].")
        }
    }

    /// Refuses what is only tested with a mock; a Task that is performed needs a role, as on AWS.
    static func checkWithoutMock(_ state: State, roleARN: String?) throws(ServiceError) {
        switch state.body {
        case .parallel, .map:
            throw ServiceError(
                "InvalidDefinition",
                "TestState API does not support Map or Parallel states. "
                    + "Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]"
            )
        case .task(let task):
            switch task.resource.pattern {
            case .requestResponse: break
            case nil, .sync, .sync2, .waitForTaskToken:
                throw ServiceError(
                    "InvalidDefinition",
                    "TestState API supports Activity tasks and the '.sync' and '.waitForTaskToken' service integration "
                        + "patterns only when a mock is specified"
                )
            }
            guard roleARN != nil else { throw .validation("RoleArn must be specified when testing a Task state") }
        case .pass, .wait, .choice, .succeed, .fail: break
        }
    }

    private static func result(
        _ text: String,
        of state: State,
        _ mode: MockMembers.Mode
    ) throws(ServiceError) -> JSONText {
        guard let result = try? JSONText(validating: text) else {
            throw .validation("Mocked result must be valid JSON")
        }
        switch state.body {
        case .task(let task): try check(result, of: task.resource, mode)
        case .parallel(let parallel):
            guard let outputs = result.value.array else { throw .validation("Mocked result must be an array.") }
            guard outputs.count == parallel.branches.count else {
                throw .validation(
                    "Mocked result must contain the same number of items as number of Parallel branches."
                )
            }
        case .map:
            guard result.value.array != nil else { throw .validation("Mocked result must be an array.") }
        case .pass, .wait, .choice, .succeed, .fail: break
        }
        return result
    }

    /// Holds a result against the shape of the service's answer, where that answer is the result and its shape is known.
    private static func check(
        _ result: JSONText,
        of resource: Resource,
        _ mode: MockMembers.Mode
    ) throws(ServiceError) {
        guard mode != .none, case .service(let service) = resource.kind, service.pattern == .requestResponse,
            let shape = ResultShapes.shape(of: service)
        else { return }
        do {
            try shape.check(result.value, requiringAll: mode == .strict)
        } catch {
            throw .validation("Mock result schema validation error: \(error)")
        }
    }
}
