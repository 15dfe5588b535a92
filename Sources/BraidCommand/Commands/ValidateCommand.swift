import JSON
import StatesLanguage

/// `braid validate`: tells what is wrong with definitions, all of it at once.
enum ValidateCommand {
    static let syntax = CommandSyntax(
        "validate",
        "Tells what is wrong with definitions",
        operands: [.init("FILE", "a definition in JSON or YAML, or a SAM or CloudFormation template", repeated: true)],
        options: [
            .substitute,
            .init("type", "TYPE", "STANDARD or EXPRESS, where the file does not say"),
            .region, .account, .json,
        ],
        notes: """
            Prints a line for each problem: file:line:column, the severity, AWS's code, what is wrong, and the place in the
            definition. Exit status 1 if any definition has an error; warnings alone leave it 0, such as NO_DRIVER: a Task
            that Braid accepts, as AWS does, but that nothing in Braid performs.
            """
    )

    static func run(_ invocation: Invocation) async throws -> ExitStatus {
        var file = DefinitionFile()
        file.substitutions = try invocation.pairs("substitute")
        file.region = invocation.value("region") ?? file.region
        file.account = invocation.value("account") ?? file.account
        let type = try stateMachineType(invocation.value("type"), invocation)

        let (definitions, problems) = file.read(all: invocation.arguments.operands)
        let reviews = definitions.map { definition in
            DefinitionReview(
                of: definition,
                text: standingIn(definition),
                type: type ?? StateMachineType(rawValue: definition.type) ?? .standard
            )
        }
        if invocation.wantsJSON {
            if !reviews.isEmpty { invocation.answer(.array(reviews.map(\.json))) }
        } else {
            for review in reviews { show(review, on: invocation.output) }
        }
        if let problem = CommandFailure.joining(problems) { throw problem }
        return reviews.contains(where: \.hasErrors) ? .failure : .success
    }

    private static func stateMachineType(
        _ text: String?,
        _ invocation: Invocation
    ) throws(UsageError) -> StateMachineType? {
        guard let text else { return nil }
        guard let type = StateMachineType(rawValue: text.uppercased()) else {
            throw UsageError("--type must be STANDARD or EXPRESS, not '\(text)'", command: invocation.syntax)
        }
        return type
    }

    /// The definition with a function's ARN for each `${NAME}` that nothing stands for: what it is most often.
    private static func standingIn(_ definition: NamedDefinition) -> String {
        guard !definition.unknown.isEmpty else { return definition.text }
        return Placeholders.replace(in: definition.text) { name, before in
            let word = DefinitionFile.machineName(of: name)
            // A partition; a part of a longer text, such as a function's name; or all of it.
            if before.hasSuffix("\"arn:") { return "aws" }
            return before.hasSuffix("\"") ? "arn:aws:lambda:us-east-1:123456789012:function:\(word)" : word
        }.text
    }

    private static func show(_ review: DefinitionReview, on output: Output) {
        let definition = review.definition
        for line in review.lines(output) { output.line(line) }
        if !definition.unknown.isEmpty {
            let names = definition.unknown.map { "${\($0)}" }.joined(separator: ", ")
            output.note(
                "\(definition.source): nothing stands for \(names); as a Resource, each was taken for a function. "
                    + "Give --substitute NAME=VALUE"
            )
        }
        if !review.hasErrors {
            output.line("\(output.styled(definition.source, .bold)): \(output.styled("valid", .green))")
        }
    }
}
