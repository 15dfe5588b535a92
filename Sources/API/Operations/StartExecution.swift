import Engine
import JSON
import StatesLanguage
import Store

/// Starts an execution; the same request again, while it runs, finds the one that it started.
struct StartExecution: Operation {
    var members: StartMembers

    init(_ members: inout RequestMembers) throws(ServiceError) { self.members = try StartMembers(&members) }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        try await answer(from: service, startedBy: nil, link: nil)
    }

    /// Starts it for a Task's attempt, of which `startedBy` is the request id and `link` says that it waits for the end.
    func answer(
        from service: Service,
        startedBy: String?,
        link: NestedLink?
    ) async throws(ServiceError) -> JSONObject {
        let target = try await members.target(in: service)
        let head = target.head
        var request = try await members.request(target, in: service)
        guard head.type == .standard else {
            // Nobody can wait for the end of one: there is nothing to be asked.
            guard link == nil else { throw .stateMachineTypeNotSupported }
            let express = request
            let (arn, time) = try await service.stored { () throws(StoreError) in
                guard let engine = service.engine else { throw .unavailable("there is no engine") }
                return try await engine.startExpress(express)
            }
            return ["executionArn": .string("\(arn)"), "startDate": .instant(time)]
        }
        request.startedBy = startedBy
        request.link = link
        // What no client named gets the attempt's own name, under which the attempt finds it again.
        if let startedBy, request.name == nil { request.name = startedBy }
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
