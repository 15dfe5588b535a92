import Engine
import JSON
import Store

extension Service {
    /// Reads a task token; one that never was any is refused.
    func taskToken(_ text: String) throws(ServiceError) -> TaskToken {
        guard let token = TaskToken(text) else { throw .invalidToken }
        return token
    }

    /// Brings an attempt what it awaits.
    func complete(_ text: String, with happening: RecordedHappening) async throws(ServiceError) {
        let token = try taskToken(text)
        guard let engine else { throw .unavailable }
        let isReached = try await stored { () throws(StoreError) in
            try await engine.complete(token, with: happening)
        }
        guard isReached else { throw try await unawaited(token) }
    }

    /// Why nothing awaits a token: its attempt has ended, or there never was one.
    func unawaited(_ token: TaskToken) async throws(ServiceError) -> ServiceError {
        let exists = try await stored { () throws(StoreError) in try await store.hasBranch(token.key) }
        return exists
            ? ServiceError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'")
            : ServiceError("TaskDoesNotExist", "Task Does Not Exist: 'Provided task does not exist'")
    }
}
