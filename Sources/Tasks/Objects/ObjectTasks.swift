package import Engine
import Interpreter
import JSON
package import Objects
import StatesLanguage

/// Performs the Tasks that call S3 (`aws-sdk:s3:getObject` and its like) by the object store of the process.
///
/// Results and errors are those of AWS's SDK. Parameters that Braid does not know are refused, never ignored.
package struct ObjectTasks: Sendable {
    private let store: any ObjectStore
    private let resultBytes: Int

    /// - Parameters:
    ///   - store: Where the objects are.
    ///   - resultBytes: The longest result that a Task may have; no more is read of an object than shows that it is longer.
    package init(store: any ObjectStore, resultBytes: Int) {
        self.store = store
        self.resultBytes = resultBytes
    }

    private static let lanes: Set<String> = Set(
        ServiceIntegration.objectActions.flatMap { action in
            ["", ".waitForTaskToken"].map { "arn:aws:states:::aws-sdk:s3:\(action)\($0)" }
        }
    )

    /// What a worker performs these Tasks by.
    package var driver: TaskDriver {
        TaskDriver(
            lanes: { Self.lanes.sorted() },
            serves: { Self.lanes.contains($0) },
            perform: { await perform($0) }
        )
    }

    private func perform(_ attempt: TaskDriver.Attempt) async -> TaskDriver.Outcome {
        guard case .service(let integration) = attempt.request.resource.kind else {
            return .failed(Failure(error: ErrorName.taskFailed, cause: "No call of S3."))
        }
        do throws(CallError) {
            var parameters = try ObjectParameters(attempt.request.input)
            let call = ObjectCall(store: store, resultBytes: resultBytes)
            let result = try await call.perform(integration.action, &parameters)
            // In the order in which AWS has them.
            return .succeeded(JSONText(.object(JSONObject(result.sorted { $0.key < $1.key }))))
        } catch {
            return .failed(error.failure(of: attempt))
        }
    }
}

/// Why a call of S3 has no result.
enum CallError: Error {
    /// The parameters are not those of the action.
    case misfit([String])
    case store(ObjectStoreError)

    /// As a state's Retry and Catch see it.
    ///
    /// Source: reference §16; recorded test_no_such_bucket, test_s3_no_such_key.
    func failure(of attempt: TaskDriver.Attempt) -> Failure {
        switch self {
        case .misfit(let reasons):
            let cause =
                "The Parameters '\(attempt.request.input.text)' could not be used to start the Task: "
                + "[\(reasons.joined(separator: ", "))]"
            return Failure(error: ErrorName.runtime, cause: cause)
        case .store(.refused(let refusal)):
            // A directory numbers no requests; the attempt's own number tells as much.
            let requestID = refusal.requestID ?? attempt.requestID
            let cause =
                "\(refusal.message) (Service: S3, Status Code: \(refusal.status), Request ID: \(requestID), "
                + "Extended Request ID: \(refusal.extendedRequestID ?? requestID))"
            return Failure(error: refusal.name, cause: cause)
        case .store(let error): return Failure(error: error.name, cause: error.description)
        }
    }
}
