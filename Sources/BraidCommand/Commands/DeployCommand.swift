import JSON
import StatesLanguage

/// `braid deploy`: creates or updates state machines from files.
enum DeployCommand {
    static let syntax = CommandSyntax(
        "deploy",
        "Creates or updates state machines from files",
        operands: [.init("FILE", "a definition in JSON or YAML, or a SAM or CloudFormation template", repeated: true)],
        options: [
            .init("name", "NAME", "the state machine's name; its file's name, or its template's, unless given"),
            .init("role-arn", "ARN", "the role that DescribeStateMachine shows; Braid asks no one for permission"),
            .substitute, .endpoint, .region, .account, .json,
        ],
        notes: """
            All files are read and validated before the first one is deployed. Executions that run go on with the
            definition that they began with.
            """
    )

    static let defaultRole = "arn:aws:iam::123456789012:role/braid"

    static func run(_ invocation: Invocation) async throws -> ExitStatus {
        let definitions = try read(invocation)
        let service = try RemoteService.of(invocation)
        var answers: [JSONValue] = []
        let widest = definitions.map(\.name.count).max() ?? 0
        for (index, definition) in definitions.enumerated() {
            if definitions.count > 1 {
                let bar = ProgressBar("deploying", index, of: definitions.count, note: definition.name)
                invocation.progress?.show(bar)
            }
            let (arn, outcome) = try await deploy(definition, to: service, invocation.value("role-arn"))
            answers.append([
                "name": .string(definition.name), "stateMachineArn": .string(arn), "outcome": .string(outcome),
            ])
            if !invocation.wantsJSON {
                let name = invocation.output.styled(definition.name.padded(to: widest), .bold)
                invocation.output.line("\(outcome.padded(to: 9)) \(name)  \(invocation.output.styled(arn, .faint))")
            }
        }
        if invocation.wantsJSON { invocation.answer(.array(answers)) }
        return .success
    }

    private static func read(_ invocation: Invocation) throws -> [NamedDefinition] {
        var file = DefinitionFile()
        file.substitutions = try invocation.pairs("substitute")
        file.region = invocation.value("region") ?? file.region
        file.account = invocation.value("account") ?? file.account
        var (definitions, problems) = file.read(all: invocation.arguments.operands)
        if let name = invocation.value("name") {
            guard definitions.count <= 1 else {
                throw UsageError("--name is for one definition, and these are \(definitions.count)", command: syntax)
            }
            for index in definitions.indices { definitions[index].name = name }
        }
        try review(definitions, problems, invocation)
        for definition in definitions where !definition.unknown.isEmpty {
            let names = definition.unknown.map { "${\($0)}" }.joined(separator: ", ")
            invocation.output.note("\(definition.source): nothing stands for \(names); give --substitute NAME=VALUE")
        }
        return definitions
    }

    /// Tells all that is odd, and refuses what is wrong.
    private static func review(
        _ definitions: [NamedDefinition],
        _ problems: [CommandFailure],
        _ invocation: Invocation
    ) throws(CommandFailure) {
        let reviews = definitions.map { definition in
            DefinitionReview(of: definition, type: StateMachineType(rawValue: definition.type) ?? .standard)
        }
        if !invocation.wantsJSON {
            for review in reviews { for line in review.lines(invocation.output) { invocation.output.note(line) } }
        }
        let sources = reviews.filter(\.hasErrors).map(\.definition.source)
        var failures = problems
        if !sources.isEmpty {
            let verb = sources.count == 1 ? "is" : "are"
            failures.append(
                CommandFailure(.failure, "\(sources.joined(separator: ", ")) \(verb) not valid; nothing was deployed")
            )
        }
        guard var failure = CommandFailure.joining(failures) else { return }
        failure.details["definitions"] = .array(reviews.map(\.json))
        throw failure
    }

    /// Creates the state machine, or updates it where it is another; says which.
    static func deploy(
        _ definition: NamedDefinition,
        to service: RemoteService,
        _ givenRole: String? = nil
    ) async throws -> (arn: String, outcome: String) {
        if let arn = try await service.findStateMachine(named: definition.name) {
            let present = try await service.call("DescribeStateMachine", ["stateMachineArn": .string(arn)])
            let role = givenRole ?? definition.roleARN ?? present["roleArn"]?.string ?? defaultRole
            if present["definition"]?.string == definition.text, present["roleArn"]?.string == role {
                return (arn, "unchanged")
            }
            _ = try await service.call(
                "UpdateStateMachine",
                ["stateMachineArn": .string(arn), "definition": .string(definition.text), "roleArn": .string(role)]
            )
            return (arn, "updated")
        }
        let role = givenRole ?? definition.roleARN ?? defaultRole
        let answer = try await service.call(
            "CreateStateMachine",
            [
                "name": .string(definition.name), "definition": .string(definition.text), "roleArn": .string(role),
                "type": .string(definition.type),
            ]
        )
        return (answer["stateMachineArn"]?.string ?? "", "created")
    }
}

extension String {
    /// The text with spaces behind it up to a width.
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
