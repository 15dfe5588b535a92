import Engine
import JSON
import Store

/// Has an execution that did not succeed go on from where it stood.
///
/// `revisionId` is Braid's own: the revision of the state machine to go on with, `INITIAL` being the first.
struct RedriveExecution: Operation {
    let arn: String
    let clientToken: String?
    let revision: String?

    init(_ members: inout RequestMembers) throws(ServiceError) {
        arn = try members.string("executionArn", length: 1...256)
        clientToken = try members.optionalStoredString("clientToken", length: 1...64)
        revision = try members.optionalString("revisionId", length: 1...256)
        if let clientToken, !clientToken.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) {
            members.violate("clientToken", clientToken, false, "Member must satisfy regular expression pattern: [!-~]+")
        }
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        let execution = try await service.execution(arn)
        guard execution.summary.mapRun == nil else {
            throw .executionNotRedrivable("Execution is a child of a Map Run and is redriven with its parent")
        }
        guard let engine = service.engine else { throw .unavailable }
        let pinned = try await revision(of: execution, in: service)
        let outcome = try await service.stored { () throws(StoreError) in
            try await engine.redriveExecution(execution, clientToken: clientToken, revision: pinned)
        }
        switch outcome {
        case .redriven(let time, _), .redrivenBefore(let time): return ["redriveDate": .instant(time)]
        case .misfit(let reason): throw .executionNotRedrivable(reason)
        case .isEnding: throw .executionNotRedrivable("A Map Run of the execution is still ending")
        case .notEnded:
            let now = try await service.execution(arn)
            throw .executionNotRedrivable(
                now.redriveRefusal(at: service.trial.now()) ?? "Execution is RUNNING and cannot be redriven"
            )
        }
    }

    private func revision(
        of execution: ExecutionRecord,
        in service: Service
    ) async throws(ServiceError) -> RevisionID? {
        guard let revision else { return nil }
        let found = try await service.stored { () throws(StoreError) in
            try await service.store.findRevision(named: revision, of: execution.stateMachineID)
        }
        guard let found else { throw .resourceNotFound(revision) }
        return found
    }
}
