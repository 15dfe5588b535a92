import JSON
import StatesLanguage

/// `braid redrive`: has executions that did not succeed go on from where they stood.
enum RedriveCommand {
    static let syntax = CommandSyntax(
        "redrive",
        "Has failed executions go on from where they stood",
        operands: [.init("EXECUTION", "only this one: MACHINE:NAME, or an ARN", optional: true)],
        options: [
            .init("machine", "NAME", "a state machine's name or ARN: those of its executions that the rest selects"),
            .init("status", "STATUS", "those that are FAILED, TIMED_OUT or ABORTED", fallback: "FAILED"),
            .init("since", "TIME", "only those that ended since then: 2024-05-01T10:00:00Z, or 90m, 6h, 7d ago"),
            .init("error", "NAME", "only those that ended with this error"),
            .init("definition", "FILE", "a corrected definition to go on with, which becomes the machine's"),
            .init("batch", "NUMBER", "how many are redriven at once", fallback: "50"),
            .substitute, .region, .account, .endpoint, .json,
        ],
        notes: """
            What has succeeded is not done again: an execution goes on in the state that it failed in, also inside branches
            and iterations. With --definition, executions whose states are not there any more, or in another place, are
            refused and left as they are.
            """
    )

    static func run(_ invocation: Invocation) async throws -> ExitStatus {
        let service = try RemoteService.of(invocation)
        guard let status = invocation.value("status")?.uppercased(),
            ["FAILED", "TIMED_OUT", "ABORTED"].contains(status)
        else { throw UsageError("--status must be FAILED, TIMED_OUT or ABORTED", command: syntax) }
        let since = try invocation.value("since").map { try instant($0) }
        let batch = try invocation.number("batch", in: 1...1_000) ?? 50
        var selected: [String] = []
        let machine: String
        if let one = invocation.operand(0) {
            guard !invocation.has("machine") else {
                throw UsageError("give one execution, or --machine", command: syntax)
            }
            let arn = try await service.executionARN(of: one)
            selected = [arn]
            machine =
                try await service.call("DescribeExecution", ["executionArn": .string(arn)])["stateMachineArn"]?
                .string ?? ""
        } else {
            guard let name = invocation.value("machine") else {
                throw UsageError("which executions? give one, or --machine", command: syntax)
            }
            machine = try await service.stateMachineARN(of: name)
            selected = try await select(of: machine, status, since, error: invocation.value("error"), service)
        }
        var revision: String?
        if let path = invocation.value("definition") {
            revision = try await correct(machine, with: path, service, invocation)
        }
        var redriving = Redriving(service: service, revision: revision, batch: batch)
        func tell(_ done: Int) {
            guard selected.count > 1 else { return }
            invocation.progress?.show(ProgressBar("redriving", done, of: selected.count))
        }
        tell(0)
        try await redriving.run(selected, progress: tell)
        report(redriving, invocation)
        return redriving.refused.isEmpty ? .success : .failure
    }

    /// The executions that the query selects.
    static func select(
        of machine: String,
        _ status: String,
        _ since: Timestamp?,
        error: String?,
        _ service: RemoteService
    ) async throws -> [String] {
        var candidates: [String] = []
        try await service.pages(
            of: "ListExecutions",
            ["stateMachineArn": .string(machine), "statusFilter": .string(status), "maxResults": 1000],
            member: "executions"
        ) { execution in
            let ended = execution["stopDate"]?.instant
            if let since, let ended, ended < since { return true }
            if let arn = execution["executionArn"]?.string { candidates.append(arn) }
            return true
        }
        guard let error else { return candidates }
        var selected: [String] = []
        for arn in candidates {
            let described = try await service.call("DescribeExecution", ["executionArn": .string(arn)])
            if described["error"]?.string == error { selected.append(arn) }
        }
        return selected
    }

    /// A time, or how long ago it was.
    static func instant(_ text: String, now: Timestamp = .now) throws(UsageError) -> Timestamp {
        if let time = Timestamp(rfc3339: text) { return time }
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int(text.dropLast()), count >= 0,
            count < 10_000_000
        else {
            throw UsageError("--since takes 2024-05-01T10:00:00Z, or 90m, 6h, 7d, not '\(text)'", command: syntax)
        }
        return now - .seconds(count * unit)
    }

    /// Makes a corrected definition the machine's; returns its revision.
    private static func correct(
        _ machine: String,
        with path: String,
        _ service: RemoteService,
        _ invocation: Invocation
    ) async throws -> String {
        var file = DefinitionFile()
        file.substitutions = try invocation.pairs("substitute")
        file.region = invocation.value("region") ?? file.region
        file.account = invocation.value("account") ?? file.account
        let all = try file.read(path)
        guard let only = all.first, all.count == 1 else {
            throw UsageError("\(path) must hold one definition", command: syntax)
        }
        let answer = try await service.call(
            "UpdateStateMachine",
            ["stateMachineArn": .string(machine), "definition": .string(only.text)]
        )
        return answer["revisionId"]?.string ?? ""
    }

    private static func report(_ redriving: Redriving, _ invocation: Invocation) {
        if invocation.wantsJSON {
            invocation.answer([
                "redriven": .array(redriving.redriven.map { .string($0) }),
                "refused": .array(
                    redriving.refused.map { ["executionArn": .string($0.arn), "reason": .string($0.reason)] }
                ),
            ])
            return
        }
        for (arn, reason) in redriving.refused { invocation.output.note("\(arn): \(reason)") }
        let refused = redriving.refused.isEmpty ? "" : ", refused \(redriving.refused.count)"
        invocation.output.line("redrove \(redriving.redriven.count)\(refused)")
    }
}

/// Redrives executions, a batch at a time.
struct Redriving {
    let service: RemoteService
    /// The revision to go on with, where it is not the one that they had.
    let revision: String?
    let batch: Int
    private(set) var redriven: [String] = []
    private(set) var refused: [(arn: String, reason: String)] = []

    init(service: RemoteService, revision: String? = nil, batch: Int) {
        self.service = service
        self.revision = revision
        self.batch = batch
    }

    /// Redrives them all; `progress` is told after each batch how many are done.
    mutating func run(_ executions: [String], progress: (Int) -> Void) async throws {
        for start in stride(from: 0, to: executions.count, by: batch) {
            let part = executions[start..<min(start + batch, executions.count)]
            let (service, revision) = (service, revision)
            let results = try await withThrowingTaskGroup(of: (String, String?).self) { group in
                for arn in part {
                    group.addTask {
                        var request: JSONObject = ["executionArn": .string(arn)]
                        request["revisionId"] = revision.map { .string($0) }
                        do {
                            _ = try await service.call("RedriveExecution", request)
                            return (arn, nil)
                        } catch let refusal as ServiceRefusal {
                            return (arn, refusal.message)
                        }
                    }
                }
                var results: [String: String?] = [:]
                for try await (arn, reason) in group { results[arn] = .some(reason) }
                return results
            }
            for arn in part {
                if let reason = results[arn] ?? nil { refused.append((arn, reason)) } else { redriven.append(arn) }
            }
            progress(redriven.count + refused.count)
        }
    }
}
