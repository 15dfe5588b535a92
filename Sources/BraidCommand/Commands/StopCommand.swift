import JSON

/// `braid stop`: stops an execution.
enum StopCommand {
    static let syntax = CommandSyntax(
        "stop",
        "Stops an execution",
        operands: [.init("EXECUTION", "MACHINE:NAME, MACHINE for its latest that runs, or an ARN")],
        options: [
            .init("error", "NAME", "what DescribeExecution shows as its error"),
            .init("cause", "TEXT", "what it shows as its cause"),
            .endpoint, .json,
        ],
        notes: "Exit status 1 if it had already ended."
    )

    static func run(_ invocation: Invocation) async throws -> ExitStatus {
        let service = try RemoteService.of(invocation)
        let arn = try await service.executionARN(of: invocation.operand(0) ?? "", preferring: "RUNNING")
        try await refuseEnded(arn, service)
        var request: JSONObject = ["executionArn": .string(arn)]
        if let error = invocation.value("error") { request["error"] = .string(error) }
        if let cause = invocation.value("cause") { request["cause"] = .string(cause) }
        let answer = try await service.call("StopExecution", request)
        if invocation.wantsJSON {
            invocation.answer(answer)
        } else {
            invocation.output.line("stopped \(arn)")
        }
        return .success
    }

    /// AWS's StopExecution answers for one that has ended as if it had been stopped.
    private static func refuseEnded(_ arn: String, _ service: RemoteService) async throws {
        let execution = try await service.call("DescribeExecution", ["executionArn": .string(arn)])
        guard let status = execution["status"]?.string, status != "RUNNING" else { return }
        throw CommandFailure(.failure, "the execution had already ended, \(status): \(arn)")
    }
}
