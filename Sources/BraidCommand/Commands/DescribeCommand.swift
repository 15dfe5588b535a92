import JSON
import StatesLanguage

/// `braid describe`: a state machine or an execution.
enum DescribeCommand {
    static let syntax = CommandSyntax(
        "describe",
        "Shows a state machine or an execution",
        operands: [
            .init("WHAT", "a state machine (NAME), an execution (MACHINE:NAME, MACHINE: for the latest), or an ARN")
        ],
        options: [
            .init("definition", "prints only the definition: a state machine's, or the one that the execution runs"),
            .init("full", "shows payloads whole, however long"),
            .endpoint, .json,
        ],
        notes: "Exit status 1 if it is an execution that has failed, timed out or was stopped."
    )

    static func run(_ invocation: Invocation) async throws -> ExitStatus {
        let service = try RemoteService.of(invocation)
        let text = invocation.operand(0) ?? ""
        let isExecution =
            text.hasPrefix("arn:") ? text.contains(":execution:") || text.contains(":express:") : text.contains(":")
        let answer: JSONValue
        if isExecution {
            let arn = JSONValue.string(try await service.executionARN(of: text))
            let action = invocation.has("definition") ? "DescribeStateMachineForExecution" : "DescribeExecution"
            answer = try await service.call(action, ["executionArn": arn])
        } else {
            let arn = JSONValue.string(try await service.stateMachineARN(of: text))
            answer = try await service.call("DescribeStateMachine", ["stateMachineArn": arn])
        }
        if invocation.has("definition") {
            invocation.output.line(answer["definition"]?.string ?? "")
            return .success
        }
        if invocation.wantsJSON { invocation.answer(answer) } else { show(answer, invocation) }
        let isBad = ["FAILED", "TIMED_OUT", "ABORTED"].contains(answer["status"]?.string ?? "")
        return isExecution && isBad ? .failure : .success
    }

    /// How many characters of a payload are shown without `--full`.
    private static let shown = 4_000

    private static func show(_ answer: JSONValue, _ invocation: Invocation) {
        let output = invocation.output
        for (name, value) in answer.object ?? [:] where !name.hasSuffix("Details") {
            let label = output.styled(name.padded(to: 24), .cyan)
            switch (name, value) {
            case ("definition", .string(let text)), ("input", .string(let text)), ("output", .string(let text)):
                let value = try? JSONValue(parsing: text)
                var readable = value?.text(pretty: true) ?? text
                let length = readable.count
                if length > shown, !invocation.has("full") {
                    readable = readable.prefix(shown) + "…\n(\(shown) of \(length) characters; --full shows all)"
                }
                let lines = readable.split(separator: "\n", omittingEmptySubsequences: false)
                output.line("\(label)\(lines.joined(separator: "\n" + String(repeating: " ", count: 24)))")
            case ("status", .string(let status)):
                output.line("\(label)\(output.styled(status, ListCommand.colour(of: status)))")
            case (_, .string(let text)):
                output.line("\(label)\(text)")
            case (_, .number) where name.hasSuffix("Date"):
                output.line("\(label)\(value.instant?.rfc3339 ?? value.text)")
            default:
                output.line("\(label)\(value.text)")
            }
        }
    }
}
