import JSON

/// What is said of an execution that has ended.
enum ExecutionReport {
    /// Prints the output of one that succeeded, or the error of one that did not.
    static func show(_ execution: JSONValue, _ invocation: Invocation) -> ExitStatus {
        let status = execution["status"]?.string ?? "UNKNOWN"
        let isGood = status == "SUCCEEDED"
        if invocation.wantsJSON {
            invocation.answer(execution)
        } else if isGood {
            let output = execution["output"]?.string ?? "null"
            let value = try? JSONValue(parsing: output)
            invocation.output.line(invocation.output.width == nil ? output : value?.text(pretty: true) ?? output)
        } else {
            let name = execution["executionArn"]?.string ?? "the execution"
            let error = execution["error"]?.string.map { ": \($0)" } ?? ""
            invocation.output.note("\(invocation.output.styled(status, .red))\(error) (\(name))")
            if let cause = execution["cause"]?.string {
                for line in lines(ofCause: cause) { invocation.output.note("  \(line)") }
            }
        }
        return isGood ? .success : .failure
    }

    /// A cause in lines: of a function's failure, what Lambda calls its message, and the trace below it.
    static func lines(ofCause cause: String) -> [String] {
        guard let failure = try? JSONValue(parsing: cause), let message = failure["errorMessage"]?.string else {
            return cause.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        }
        let trace = (failure["stackTrace"] ?? failure["trace"])?.array ?? []
        return message.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            + trace.compactMap(\.string).flatMap { $0.split(separator: "\n") }.map { "  \($0)" }
    }
}
