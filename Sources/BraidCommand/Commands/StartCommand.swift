import JSON

/// `braid start`: starts an execution, and waits for its end if asked.
enum StartCommand {
    static let syntax = CommandSyntax(
        "start",
        "Starts an execution",
        operands: [.init("MACHINE", "the state machine's name or ARN")],
        options: [
            .input,
            .init("name", "NAME", "the execution's name; starting it again by the same name and input is no new start"),
            .init("wait", "waits for the end and prints the output"),
            .init("timeout", "SECONDS", "how long --wait waits", fallback: "no limit"),
            .endpoint, .json,
        ],
        notes: """
            Prints the execution's ARN; with --wait its output, and ends with status 1 if it did not succeed.
            """
    )

    static func run(_ invocation: Invocation) async throws -> ExitStatus {
        let input = try InputText.read(invocation.value("input") ?? "{}")
        let timeout = invocation.has("timeout") ? try invocation.number("timeout", in: 1...31_536_000) : nil
        let service = try RemoteService.of(invocation)
        let machine = try await service.stateMachineARN(of: invocation.operand(0) ?? "")
        var request: JSONObject = ["stateMachineArn": .string(machine), "input": .string(input.text)]
        if let name = invocation.value("name") { request["name"] = .string(name) }
        let answer = try await service.call("StartExecution", request)
        guard invocation.has("wait") else {
            if invocation.wantsJSON {
                invocation.answer(answer)
            } else {
                invocation.output.line(answer["executionArn"]?.string ?? "")
            }
            return .success
        }
        let arn = answer["executionArn"]?.string ?? ""
        var runs = MapRunProgress(of: arn)
        let execution = try await service.waitForEnd(of: arn, timeout: timeout.map { .seconds($0) }) {
            try await runs.show(on: invocation.progress, service)
        }
        invocation.progress?.clear()
        return ExecutionReport.show(execution, invocation)
    }
}

extension RemoteService {
    /// Returns the description of an execution once it has ended; asks at once, then ever more rarely.
    ///
    /// - Parameters:
    ///   - arn: The execution's.
    ///   - timeout: How long to wait; for ever where there is none.
    ///   - meanwhile: Done each time that it has not ended.
    /// - Throws: Where it still runs after the timeout, or the service does not answer.
    /// - Returns: What DescribeExecution answers.
    func waitForEnd(
        of arn: String,
        timeout: Duration?,
        meanwhile: () async throws -> Void = {}
    ) async throws -> JSONValue {
        let begun = ContinuousClock.now
        var pause = Duration.milliseconds(20)
        while true {
            let execution = try await call("DescribeExecution", ["executionArn": .string(arn)])
            if execution["status"]?.string != "RUNNING" { return execution }
            if let timeout, ContinuousClock.now - begun > timeout {
                throw CommandFailure(
                    .failure,
                    "the execution still runs after \(timeout.readable)",
                    hint: "'braid describe \(arn)' shows how it stands."
                )
            }
            try await meanwhile()
            try await Task.sleep(for: pause)
            pause = min(pause * 1.5, .milliseconds(500))
        }
    }
}
