import Engine
import JSON
import StatesLanguage
import Store

/// Lists the executions of a state machine, of one of its versions or of one of its aliases, those started last first.
struct ListExecutions: Operation {
    let arn: String
    let mapRun: String?
    let statusFilter: String?
    let redriveFilter: String?
    let page: PageRequest

    init(_ members: inout RequestMembers) throws(ServiceError) {
        let machine = try members.optionalString("stateMachineArn", length: 1...256)
        // In the order in which AWS's message lists them (recorded: test_state_machine_status_filter).
        statusFilter = try members.word(
            "statusFilter",
            of: ["SUCCEEDED", "TIMED_OUT", "PENDING_REDRIVE", "ABORTED", "FAILED", "RUNNING"]
        )
        let redriveFilter = try members.word("redriveFilter", of: ["REDRIVEN", "NOT_REDRIVEN"])
        let mapRun = try members.optionalString("mapRunArn", length: 1...2000)
        page = try PageRequest(&members, tokenLength: 3096)
        try members.check()
        guard (machine == nil) != (mapRun == nil) else {
            throw .validation("Must specify exactly one of 'stateMachineArn' or 'mapRunArn'")
        }
        self.mapRun = mapRun
        self.redriveFilter = redriveFilter
        arn = machine ?? ""
        guard mapRun == nil else { return }
        guard redriveFilter == nil else { throw .validation("'redriveFilter' can only be used with 'mapRunArn'") }
        guard statusFilter != "PENDING_REDRIVE" else {
            throw .validation("'PENDING_REDRIVE' can only be used with 'mapRunArn'")
        }
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        if let mapRun { return try await children(of: mapRun, in: service) }
        let (machine, filter) = try await machine(in: service)
        guard machine.type == .standard else { throw .stateMachineTypeNotSupported }
        let list = PagedList("ListExecutions", arn, statusFilter ?? "")
        let place = try page.place(in: list).flatMap { ExecutionID($0) }
        let found = try await service.stored { () throws(StoreError) in
            try await service.store.listExecutions(
                of: machine.id,
                through: filter,
                status: statusFilter.flatMap { ExecutionStatus(rawValue: $0) },
                before: place,
                limit: page.limit + 1
            )
        }
        let (executions, next) = page.page(of: found, in: list) { "\($0.id)" }
        var shape: JSONObject = ["executions": .array(executions.map { .object($0.shape(by: service.arns)) })]
        if let next { shape["nextToken"] = .string(next) }
        return shape
    }

    /// The children of a map run, newest first, with how many items each was given.
    ///
    /// Those that run by when they began or were redriven, the others by when they ended (reference §19).
    private func children(of mapRun: String, in service: Service) async throws(ServiceError) -> JSONObject {
        let run = try await service.mapRun(mapRun)
        let list = PagedList("ListExecutions", mapRun, statusFilter ?? "", redriveFilter ?? "")
        guard run.type == .standard else { return try await keptChildren(of: run, list, in: service) }
        let place = try page.place(in: list).flatMap { ChildPlace($0) }
        let found = try await service.stored { () throws(StoreError) in
            try await service.store.listChildren(of: run, childFilter, after: place, limit: page.limit + 1)
        }
        let (executions, next) = page.page(of: found, in: list) { "\(ChildPlace(of: $0))" }
        let shapes = executions.map { execution -> JSONValue in
            var shape = execution.shape(by: service.arns)
            shape["itemCount"] = .number(JSONNumber(execution.mapRun?.itemCount ?? 1))
            if run.hasWaiting(execution) { shape["status"] = "PENDING_REDRIVE" }
            return .object(shape)
        }
        var shape: JSONObject = ["executions": .array(shapes)]
        if let next { shape["nextToken"] = .string(next) }
        return shape
    }

    /// The same of one whose children run in memory.
    private func keptChildren(
        of run: MapRunRecord,
        _ list: PagedList,
        in service: Service
    ) async throws(ServiceError) -> JSONObject {
        let place = try page.place(in: list).flatMap { Int($0) }
        let found = try await service.stored { () throws(StoreError) in
            try await service.store.keptChildren(of: run, childFilter, before: place, limit: page.limit)
        }
        let shapes = found.children.map { JSONValue.object($0.shape(of: run, by: service.arns)) }
        var shape: JSONObject = ["executions": .array(shapes)]
        if let next = found.next { shape["nextToken"] = .string(list.token(at: "\(next)")) }
        return shape
    }

    /// One that waits for being redriven has that status, not the one that it ended with.
    private var childFilter: ChildFilter {
        var filter = ChildFilter()
        if let status = statusFilter.flatMap({ ExecutionStatus(rawValue: $0) }) {
            filter.statuses = [status]
            if status != .running, status != .succeeded { filter.waits = false }
        } else if statusFilter != nil {
            filter.statuses = [.failed, .timedOut, .aborted]
            filter.waits = true
        }
        filter.isRedriven = redriveFilter.map { $0 == "REDRIVEN" }
        return filter
    }

    /// The machine, and which of its executions: those of the version or alias that the ARN names.
    private func machine(
        in service: Service
    ) async throws(ServiceError) -> (machine: StateMachineHead, filter: ExecutionFilter) {
        switch try MachineReference(arn, by: service.arns) {
        case .machine: return (try await service.stateMachineHead(arn), .all)
        case .version(let number, let name):
            return (try await service.versionHead(number, of: name, arn), .version(number))
        case .alias(let alias, let name):
            guard let found = try await service.alias(alias, of: name) else { throw .stateMachineDoesNotExist(arn) }
            return (found.machine, .alias(alias))
        }
    }
}
