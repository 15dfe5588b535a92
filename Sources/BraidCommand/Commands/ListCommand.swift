import JSON
import StatesLanguage

/// `braid list`: the state machines, the executions of one, or the children of a map run.
enum ListCommand {
    static let syntax = CommandSyntax(
        "list",
        "Lists state machines, the executions of one, or the children of a map run",
        operands: [.init("MACHINE", "a state machine's name or ARN: its executions, the latest first", optional: true)],
        options: [
            .init(
                "map-run",
                "RUN",
                "the children of a Distributed Map's run instead: its ARN, or the execution whose last one it is (MACHINE:NAME, MACHINE: for the latest)"
            ),
            .init("status", "STATUS", "only executions that are RUNNING, SUCCEEDED, FAILED, TIMED_OUT or ABORTED"),
            .init("limit", "NUMBER", "how many at most", fallback: "100"),
            .endpoint, .json,
        ]
    )

    static func run(_ invocation: Invocation) async throws -> ExitStatus {
        let limit = try invocation.number("limit", in: 1...1_000_000) ?? 100
        let service = try RemoteService.of(invocation)
        if let run = invocation.value("map-run") {
            guard invocation.operand(0) == nil else {
                throw UsageError("either a state machine or --map-run", command: syntax)
            }
            let request: JSONObject = ["mapRunArn": .string(try await service.mapRunARN(of: run))]
            return try await listExecutions(request, limit, service, invocation)
        }
        guard let machine = invocation.operand(0) else {
            if invocation.has("status") {
                throw UsageError("--status needs a state machine or a map run", command: syntax)
            }
            return try await list(
                "ListStateMachines",
                ["maxResults": .number(JSONNumber(min(limit, 1000)))],
                "stateMachines",
                limit,
                service,
                invocation
            ) { machine, output in
                let created = machine["creationDate"]?.instant?.rfc3339 ?? ""
                let name = output.styled((machine["name"]?.string ?? "").padded(to: 32), .bold)
                return "\(name)  \((machine["type"]?.string ?? "").padded(to: 8))  \(output.styled(created, .faint))"
            }
        }
        let request: JSONObject = ["stateMachineArn": .string(try await service.stateMachineARN(of: machine))]
        return try await listExecutions(request, limit, service, invocation)
    }

    private static func listExecutions(
        _ request: JSONObject,
        _ limit: Int,
        _ service: RemoteService,
        _ invocation: Invocation
    ) async throws -> ExitStatus {
        var request = request
        request["maxResults"] = .number(JSONNumber(min(limit, 1000)))
        if let status = invocation.value("status") { request["statusFilter"] = .string(status.uppercased()) }
        return try await list("ListExecutions", request, "executions", limit, service, invocation) {
            execution,
            output in
            let status = execution["status"]?.string ?? ""
            let start = execution["startDate"]?.instant
            let stop = execution["stopDate"]?.instant
            let took = start.flatMap { start in stop.map { ($0 - start).readable } } ?? ""
            return [
                (execution["name"]?.string ?? "").padded(to: 36),
                output.styled(status.padded(to: 9), colour(of: status)),
                output.styled((start?.rfc3339 ?? "").padded(to: 24), .faint),
                took,
            ].joined(separator: "  ")
        }
    }

    /// The colour that tells how an execution stands.
    static func colour(of status: String) -> Output.Style {
        switch status {
        case "SUCCEEDED": .green
        case "RUNNING": .blue
        case "ABORTED": .yellow
        default: .red
        }
    }

    private static func list(
        _ action: String,
        _ request: JSONObject,
        _ member: String,
        _ limit: Int,
        _ service: RemoteService,
        _ invocation: Invocation,
        line: (JSONValue, Output) -> String
    ) async throws -> ExitStatus {
        var elements: [JSONValue] = []
        try await service.pages(of: action, request, member: member) { element in
            elements.append(element)
            return elements.count < limit
        }
        if invocation.wantsJSON {
            invocation.answer(.array(elements))
        } else {
            for element in elements { invocation.output.line(line(element, invocation.output)) }
        }
        return .success
    }
}
