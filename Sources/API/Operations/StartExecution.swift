import Engine
import JSON
import StatesLanguage
import Store

/// Starts an execution; the same request again, while it runs, finds the one that it started.
struct StartExecution: Operation {
    let arn: String
    let name: String?
    let input: JSONText
    let traceHeader: String?

    init(_ members: inout RequestMembers) throws(ServiceError) {
        arn = try members.string("stateMachineArn", length: 1...256)
        name = try members.optionalString("name", length: 1...80)
        let text = try members.optionalString("input", length: 0...262_144, isSecret: true)
        traceHeader = try members.optionalStoredString("traceHeader", length: 0...256)
        try members.check()
        if let name { try ResourceName.check(name) }
        do { input = try JSONText(validating: text ?? "{}") } catch {
            throw .invalidExecutionInput("\(error)")
        }
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        let target = try await target(in: service)
        let head = target.head
        guard head.status == .active else { throw .stateMachineDeleting(service.arns.stateMachine(head.name)) }
        guard head.type == .standard else { throw .stateMachineTypeNotSupported }
        let machine = try await service.revision(head.revisionID)
        let request = StartRequest(
            machine: machine,
            name: name,
            input: input,
            traceHeader: traceHeader,
            version: target.version,
            alias: target.alias
        )
        let outcome = try await service.stored { () throws(StoreError) in
            try await service.start(request)
        }
        switch outcome {
        case .started(let id, let time), .sameRunning(let id, let time):
            let arn = service.arns.execution(name ?? "\(id)", of: head.name)
            return ["executionArn": .string("\(arn)"), "startDate": .instant(time)]
        case .nameTaken(let id):
            throw .executionAlreadyExists(service.arns.execution(name ?? "\(id)", of: head.name))
        }
    }

    private func target(in service: Service) async throws(ServiceError) -> MachineTarget {
        if let parsed = try? StateMachineARN(parsing: arn), parsed.label != nil {
            throw .validation(
                "Labelled state machine ARNs are not supported by this operation",
                reason: "API_DOES_NOT_SUPPORT_LABELED_ARNS"
            )
        }
        var generator = SystemRandomNumberGenerator()
        return try await service.target(arn, using: &generator)
    }
}
