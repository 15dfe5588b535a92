import Engine
import Interpreter
import JSON
import StatesLanguage

/// `braid run`: runs one definition to its end.
enum RunCommand {
    static let syntax = CommandSyntax(
        "run",
        "Runs one definition to its end",
        operands: [.init("FILE", "a definition in JSON or YAML, or a template that holds one")],
        options: [
            .input, .functions, .mockConfiguration,
            .init("test-case", "NAME", "the test case of the mock configuration file that says what Tasks give"),
            .init("skip-waits", "lets Wait states and retries' delays pass at once (in memory only)"),
            .init("durable", "runs it as a service does, on PostgreSQL, instead of in memory"),
            .dataDirectory, .database, .objects,
            .init("history", "prints the history too, as it is written"),
            .init("name", "NAME", "which of a template's state machines is meant"),
            .substitute, .region, .account, .json,
        ],
        notes: """
            Prints the output; ends with status 1 if the execution did not succeed. A Task's Resource is performed by the
            function of that name in the functions file, or by the endpoint in LAMBDA_ENDPOINT. Distributed Maps need --durable.
            """
    )

    static func run(_ invocation: Invocation) async throws -> ExitStatus {
        if invocation.has("durable"), invocation.has("skip-waits") {
            throw UsageError("--skip-waits is for runs in memory, not for --durable", command: syntax)
        }
        let (named, neighbours) = try definition(invocation)
        let input = try InputText.read(invocation.value("input") ?? "{}")
        let type = StateMachineType(rawValue: named.type) ?? .standard
        let definition: StateMachineDefinition
        do {
            definition = try StateMachineDefinition(parsing: named.text, type: type)
        } catch {
            let review = DefinitionReview(of: named, type: type)
            if !invocation.wantsJSON { for line in review.lines(invocation.output) { invocation.output.note(line) } }
            var failure = CommandFailure(.failure, "\(named.source) is not valid")
            failure.details["definitions"] = [review.json]
            throw failure
        }
        if invocation.has("durable") { return try await runDurably(named, input, invocation) }
        return try await runInMemory(definition, named, beside: neighbours, input, invocation)
    }

    private static func definition(_ invocation: Invocation) throws -> (NamedDefinition, beside: [NamedDefinition]) {
        var file = DefinitionFile()
        file.substitutions = try invocation.pairs("substitute")
        file.region = invocation.value("region") ?? file.region
        file.account = invocation.value("account") ?? file.account
        let path = invocation.operand(0) ?? ""
        let all = try file.read(path)
        guard let name = invocation.value("name") else {
            guard let only = all.first, all.count == 1 else {
                let names = all.map(\.name).joined(separator: ", ")
                throw UsageError("\(path) holds \(names); say which with --name", command: syntax)
            }
            return (only, all)
        }
        if var only = all.first, all.count == 1 {
            only.name = name
            return (only, [only])
        }
        guard let found = all.first(where: { $0.name == name }) else {
            let guess = Suggestion.closest(to: name, among: all.map(\.name))
            throw UsageError("\(path) holds no '\(name)'", didYouMean: guess, command: syntax)
        }
        return (found, all)
    }

    /// Runs it in a whole service of its own, which ends with it; what was run is kept, and may be looked at later.
    private static func runDurably(
        _ named: NamedDefinition,
        _ input: JSONText,
        _ invocation: Invocation
    ) async throws -> ExitStatus {
        var settings = try ProcessSettings(
            [.service, .worker, .scheduler],
            invocation,
            listen: ListenAddress(host: "127.0.0.1", port: 0)
        )
        settings.objects = settings.objects ?? ObjectPlace(folder: settings.dataDirectory + "/objects")
        let composition = Composition(settings, output: invocation.output) { service in
            let (machine, _) = try await DeployCommand.deploy(named, to: service)
            let testCase = invocation.value("test-case").map { "#\($0)" } ?? ""
            let request: JSONObject = ["stateMachineArn": .string(machine + testCase), "input": .string(input.text)]
            let started = try await service.call("StartExecution", request)
            let arn = started["executionArn"]?.string ?? ""
            let execution = try await service.waitForEnd(of: arn, timeout: nil)
            if invocation.has("history") { try await HistoryCommand.note(arn, service, invocation) }
            return ExecutionReport.show(execution, invocation)
        }
        return try await composition.run()
    }

    private static func runInMemory(
        _ definition: StateMachineDefinition,
        _ named: NamedDefinition,
        beside neighbours: [NamedDefinition],
        _ input: JSONText,
        _ invocation: Invocation
    ) async throws -> ExitStatus {
        let region = invocation.value("region") ?? "us-east-1"
        let place = "arn:aws:states:\(region):\(invocation.value("account") ?? "123456789012")"
        let name = "local"
        var started = ExecutionInfo(
            id: "\(place):execution:\(named.name):\(name)",
            name: name,
            input: input,
            roleARN: named.roleARN ?? DeployCommand.defaultRole,
            startTime: .now,
            stateMachineID: "\(place):stateMachine:\(named.name)",
            stateMachineName: named.name
        )
        started.doubles = try doubles(of: named, invocation)
        let info = started
        let output = invocation.output
        var lines = HistoryLines(output: output, isFull: false)
        let wantsHistory = invocation.has("history")
        let settings = try ProcessSettings(.worker, invocation)
        let tasks = try LocalTasks(settings, environment: invocation.environment, execution: info.id, output: output)
        let machines = LocalMachines(
            neighbours,
            arns: ARNs(region: region, account: invocation.value("account") ?? "123456789012"),
            skipsWaits: invocation.has("skip-waits"),
            others: { request, _ in await tasks.perform(request) }
        )
        var run = LocalRun(
            of: LocalExecution(of: definition, as: info, limits: Limits(region: region)),
            clock: { .now },
            skipsWaits: invocation.has("skip-waits"),
            perform: { await machines.perform($0, of: info.id) },
            awaitEnd: { await machines.end(of: $0) },
            report: { entry in
                guard wantsHistory else { return }
                output.note(invocation.wantsJSON ? entry.json.text : lines.line(of: entry.json))
            }
        )
        let outcome = try await tasks.running {
            let outcome = await run.run()
            await machines.stop()
            return outcome
        }
        return show(outcome, info, invocation)
    }

    /// What the test case that was named says of Tasks.
    private static func doubles(
        of named: NamedDefinition,
        _ invocation: Invocation
    ) throws -> TestDoubles? {
        guard let name = invocation.value("test-case") else { return nil }
        guard let path = invocation.value("mock-config") else {
            throw UsageError("--test-case needs --mock-config or SFN_MOCK_CONFIG", command: syntax)
        }
        return try MockFile(path: path).testCase(name, of: named.name)
    }

    private static func show(
        _ outcome: LocalExecution.Outcome,
        _ info: ExecutionInfo,
        _ invocation: Invocation
    ) -> ExitStatus {
        var description: JSONObject = ["executionArn": .string(info.id), "name": .string(info.name)]
        func fail(_ status: String, _ failure: Failure?) {
            description["status"] = .string(status)
            if let error = failure?.error { description["error"] = .string(error) }
            if let cause = failure?.cause { description["cause"] = .string(cause) }
        }
        switch outcome {
        case .succeeded(let output):
            description["status"] = "SUCCEEDED"
            description["output"] = .string(output.text)
        case .failed(let failure): fail("FAILED", failure)
        case .aborted(let failure): fail("ABORTED", failure)
        case .timedOut: fail("TIMED_OUT", nil)
        }
        return ExecutionReport.show(.object(description), invocation)
    }
}
