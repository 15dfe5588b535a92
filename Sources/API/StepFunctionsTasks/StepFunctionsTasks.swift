package import Engine
import Interpreter
package import JSON
package import StatesLanguage
import Store
import Synchronization

/// Performs the Tasks that call Step Functions itself: `states:startExecution` in all its patterns, and `aws-sdk:sfn:*`,
/// each action of this service.
///
/// The calls are made within the process. The service is made of an engine, and the engine of what performs Tasks, so the
/// service comes later, by ``connect(_:)``.
package final class StepFunctionsTasks: Sendable {
    private let service = Mutex<Service?>(nil)

    package init() {}

    /// Says which service is called.
    package func connect(_ service: Service) { self.service.withLock { $0 = service } }

    /// What a worker performs these Tasks by.
    package var driver: TaskDriver {
        TaskDriver(
            lanes: { [Resource.stepFunctionsLane] },
            serves: { $0 == Resource.stepFunctionsLane },
            perform: { await self.perform($0) }
        )
    }

    /// The result of `states:startExecution`.
    package static func started(_ arn: ExecutionARN, at time: Timestamp, requestID: String) -> JSONText {
        let answer: JSONObject = ["executionArn": .string("\(arn)"), "startDate": .instant(time)]
        return JSONText(.object(SDKShape.optimised(answer, requestID: requestID, at: time)))
    }

    private func perform(_ attempt: TaskDriver.Attempt) async -> TaskDriver.Outcome {
        guard let service = service.withLock({ $0 }) else {
            return .failed(Failure(error: ErrorName.taskFailed, cause: "The service is starting."))
        }
        guard case .service(let integration) = attempt.request.resource.kind else {
            return .failed(Failure(error: ErrorName.taskFailed, cause: "No call of Step Functions."))
        }
        let call = ServiceCall(attempt, by: integration)
        do {
            return integration.isSDK
                ? .succeeded(JSONText(.object(try await call.perform(in: service))))
                : .succeeded(JSONText(.object(try await call.start(in: service))))
        } catch {
            return .failed(error.failure)
        }
    }
}

/// Why a call of a Task was not made, or not answered.
struct CallFailure: Error {
    let failure: Failure
}
