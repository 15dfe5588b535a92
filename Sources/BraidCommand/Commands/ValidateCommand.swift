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
            Prints a line for each problem: the file, the severity, AWS's code, what is wrong, and the place in the
            document. Exit status 1 if any definition has an error; warnings alone leave it 0.
            """
    )

    static func run(_ invocation: Invocation) async throws -> ExitStatus {
        var file = DefinitionFile()
        file.substitutions = try invocation.pairs("substitute")
        file.region = invocation.value("region") ?? file.region
        file.account = invocation.value("account") ?? file.account
        let type = try stateMachineType(invocation.value("type"), invocation)

        var reports: [JSONValue] = []
        var isValid = true
        for path in invocation.arguments.operands {
            for definition in try file.read(path) {
                let machineType = type ?? StateMachineType(rawValue: definition.type) ?? .standard
                let diagnostics = Validator.diagnostics(of: standingIn(definition), type: machineType)
                let hasErrors = diagnostics.contains { $0.severity == .error }
                isValid = isValid && !hasErrors
                if invocation.wantsJSON {
                    reports.append(report(on: definition, diagnostics, hasErrors))
                } else {
                    show(diagnostics, of: definition, hasErrors, on: invocation.output)
                }
            }
        }
        if invocation.wantsJSON { invocation.answer(.array(reports)) }
        return isValid ? .success : .failure
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

    private static func show(
        _ diagnostics: [Diagnostic],
        of definition: NamedDefinition,
        _ hasErrors: Bool,
        on output: Output
    ) {
        let source = output.styled(definition.source, .bold)
        for diagnostic in diagnostics {
            let isError = diagnostic.severity == .error
            let severity = output.styled(isError ? "error" : "warning", isError ? .red : .yellow)
            output.line("\(source): \(severity): \(diagnostic)")
        }
        if !definition.unknown.isEmpty {
            let names = definition.unknown.map { "${\($0)}" }.joined(separator: ", ")
            output.note(
                "\(definition.source): nothing stands for \(names), taken for functions; give --substitute NAME=VALUE"
            )
        }
        if !hasErrors { output.line("\(source): \(output.styled("valid", .green))") }
    }

    private static func report(
        on definition: NamedDefinition,
        _ diagnostics: [Diagnostic],
        _ hasErrors: Bool
    ) -> JSONValue {
        [
            "source": .string(definition.source),
            "name": .string(definition.name),
            "result": hasErrors ? "FAIL" : "OK",
            "diagnostics": .array(
                diagnostics.map { diagnostic in
                    [
                        "severity": diagnostic.severity == .error ? "ERROR" : "WARNING",
                        "code": .string(diagnostic.code.rawValue),
                        "message": .string(diagnostic.message),
                        "location": diagnostic.location.map { .string($0.description) } ?? .null,
                    ]
                }
            ),
            "unknown": .array(definition.unknown.map { .string($0) }),
        ]
    }
}
