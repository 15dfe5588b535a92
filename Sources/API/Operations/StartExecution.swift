import Engine
import JSON
import StatesLanguage
import Store

/// Starts an execution; the same request again, while it runs, finds the one that it started.
struct StartExecution: Operation {
    let members: StartMembers

    init(_ members: inout RequestMembers) throws(ServiceError) { self.members = try StartMembers(&members) }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        let target = try await members.target(in: service)
        let head = target.head
        guard head.type == .standard else { throw .stateMachineTypeNotSupported }
        let request = try await members.request(target, in: service)
        let outcome = try await service.stored { () throws(StoreError) in
            try await service.start(request)
        }
        switch outcome {
        case .started(let id, let time), .sameRunning(let id, let time):
            let arn = service.arns.execution(request.name ?? "\(id)", of: head.name)
            return ["executionArn": .string("\(arn)"), "startDate": .instant(time)]
        case .nameTaken(let id):
            throw .executionAlreadyExists(service.arns.execution(request.name ?? "\(id)", of: head.name))
        }
    }
}
