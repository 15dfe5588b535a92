import JSON

/// `braid history`: what an execution did, event by event.
enum HistoryCommand {
    static let syntax = CommandSyntax(
        "history",
        "Shows what an execution did, event by event",
        operands: [.init("EXECUTION", "MACHINE:NAME, MACHINE for its latest, or an ARN")],
        options: [
            .init("follow", "goes on until the execution ends"),
            .init("full", "shows payloads and causes whole"),
            .endpoint, .json,
        ],
        notes: """
            A line tells the seconds since the start, the event's id and type, the state (with an iteration's index), and
            what came in or out. With --json each event is a line of JSON as GetExecutionHistory gives it. With --follow
            the exit status is 1 if the execution did not succeed.
            """
    )

    private static let ends: Set<String> = [
        "ExecutionSucceeded", "ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut",
    ]

    static func run(_ invocation: Invocation) async throws -> ExitStatus {
        let service = try RemoteService.of(invocation)
        let name = try await service.executionARN(of: invocation.operand(0) ?? "")
        let arn = JSONValue.string(name)
        var lines = HistoryLines(output: invocation.output, isFull: invocation.has("full"))
        var lastEvent: JSONValue?
        func show(_ event: JSONValue) {
            lastEvent = event
            invocation.output.line(invocation.wantsJSON ? event.text : lines.line(of: event))
        }

        let request: JSONObject = ["executionArn": arn, "maxResults": 1000]
        try await service.pages(of: "GetExecutionHistory", request, member: "events") { event in
            show(event)
            return true
        }
        guard invocation.has("follow") else { return .success }
        var runs = MapRunProgress(of: name)
        while !ends.contains(lastEvent?["type"]?.string ?? "") {
            try await runs.show(on: invocation.progress, service, whileWaiting: false)
            try await Task.sleep(for: .milliseconds(300))
            for event in try await newEvents(of: arn, after: lastEvent?["id"]?.int ?? 0, service) { show(event) }
        }
        return lastEvent?["type"]?.string == "ExecutionSucceeded" ? .success : .failure
    }

    /// Writes an execution's history beside the answer.
    static func note(_ arn: String, _ service: RemoteService, _ invocation: Invocation) async throws {
        var lines = HistoryLines(output: invocation.output, isFull: false)
        let request: JSONObject = ["executionArn": .string(arn), "maxResults": 1000]
        try await service.pages(of: "GetExecutionHistory", request, member: "events") { event in
            invocation.output.note(invocation.wantsJSON ? event.text : lines.line(of: event))
            return true
        }
    }

    /// The events behind one that is known, read from the end, so that a long history is not read again and again.
    private static func newEvents(
        of arn: JSONValue,
        after known: Int,
        _ service: RemoteService
    ) async throws -> [JSONValue] {
        var events: [JSONValue] = []
        let request: JSONObject = ["executionArn": arn, "maxResults": 100, "reverseOrder": true]
        try await service.pages(of: "GetExecutionHistory", request, member: "events") { event in
            guard let id = event["id"]?.int, id > known else { return false }
            events.append(event)
            return true
        }
        return events.reversed()
    }
}
