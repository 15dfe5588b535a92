import Engine
import Interpreter
import JSON
import StatesLanguage

/// Works on one state alone, and shows what came of it and how.
///
/// Source: Step Functions API reference, "TestState"; messages as recorded in LocalStack's test_state snapshots. Those of
/// which nothing is recorded are Braid's, and say so.
struct TestState: Operation {
    let definition: StateMachineDefinition
    let state: State
    let roleARN: String?
    let input: JSONText
    let variables: JSONObject
    let level: Level
    let mock: StateTest.Mock?
    let context: JSONValue?
    let configuration: Configuration

    /// How much of the state's work is shown.
    enum Level: String, CaseIterable { case info = "INFO", debug = "DEBUG", trace = "TRACE" }

    /// What is to be taken for granted of the state's earlier work.
    struct Configuration {
        var retryCount: Int?
        var errorCausedByState: String?
        var failedIterations: Int?
        /// What a distributed Map's ItemReader would have read.
        var itemReaderData: String?
    }

    init(_ members: inout RequestMembers) throws(ServiceError) {
        let definition = try members.string("definition", length: 1...1_048_576, isSecret: true)
        roleARN = try members.optionalString("roleArn", length: 1...256)
        let input = try members.optionalString("input", length: 0...262_144, isSecret: true)
        level = Level(rawValue: try members.word("inspectionLevel", of: Level.allCases.map(\.rawValue)) ?? "") ?? .info
        let revealsSecrets = try members.boolean("revealSecrets") ?? false
        let variables = try members.optionalString("variables", length: 0...262_144, isSecret: true)
        let stateName = try members.optionalString("stateName", length: 1...80, isSecret: true)
        let mock = try members.structure("mock") { mock throws(ServiceError) in try MockMembers(&mock) }
        let context = try members.optionalString("context", length: 0...262_144, isSecret: true)
        configuration =
            try members.structure("stateConfiguration") { members throws(ServiceError) in
                try Configuration(&members)
            } ?? Configuration()
        try members.check()

        self.definition = try Self.definition(definition, isLoneState: stateName == nil)
        guard let state = self.definition.state(named: stateName ?? StateTest.stateName) else {
            throw .validation("State not found in definition")
        }
        self.state = state
        self.mock = try TestMockRules.mock(mock, of: state, revealsSecrets: revealsSecrets)
        if mock == nil { try TestMockRules.checkWithoutMock(state, roleARN: roleARN) }
        self.context = try context.map { text throws(ServiceError) in
            guard mock != nil else {
                throw .validation("A Context object can only be specified when a mock is specified.")
            }
            return try TestContextRules.context(text, of: state)
        }
        try configuration.check(for: state)
        do { self.input = try JSONText(validating: input ?? "{}") } catch {
            throw .invalidExecutionInput("\(error)")
        }
        self.variables = try Self.variables(variables)
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject {
        let (machine, name) = (RequestID.new(), RequestID.new())
        let arns = service.arns
        let prefix = "arn:\(arns.scope.partition):states:\(arns.region):\(arns.account)"
        let execution = ExecutionInfo(
            id: "\(prefix):express:\(machine):\(name)",
            name: name,
            input: input,
            roleARN: roleARN ?? "",
            startTime: service.trial.now(),
            stateMachineID: "\(arns.stateMachine(machine))",
            stateMachineName: machine
        )
        let conditions = StateTest.Conditions(
            input: input,
            variables: Variables(own: variables),
            mock: mock,
            context: context,
            retryCount: configuration.retryCount ?? 0,
            failedIterations: configuration.failedIterations,
            items: configuration.itemReaderData.flatMap { try? JSONText(JSONValue(parsing: $0)) }
        )
        let interpreter = Interpreter(definition: definition, limits: service.trial.limits)
        let test = StateTest(of: state, by: interpreter, on: conditions, in: execution, token: RequestID.new())
        do {
            return shape(of: try await service.trial.run(test, of: execution.id))
        } catch {
            switch error {
            case .moreFailuresThanIterations:
                throw .validation(
                    "Map iteration failure count must be less than or equal to the number of Map iterations"
                )
            }
        }
    }

    private static func definition(
        _ text: String,
        isLoneState: Bool
    ) throws(ServiceError) -> StateMachineDefinition {
        do {
            return isLoneState
                ? try StateMachineDefinition(parsingState: text, named: StateTest.stateName)
                : try StateMachineDefinition(parsing: text)
        } catch {
            throw ServiceError(error)
        }
    }

    private static func variables(_ text: String?) throws(ServiceError) -> JSONObject {
        guard let text else { return [:] }
        guard let variables = (try? JSONValue(parsing: text))?.object else {
            throw .validation("Variables must be a JSON object.")
        }
        return variables
    }
}

extension TestState.Configuration {
    fileprivate init(_ members: inout RequestMembers) throws(ServiceError) {
        retryCount = try members.integer("retrierRetryCount", in: 0...Int(Int32.max))
        errorCausedByState = try members.optionalString("errorCausedByState", length: 1...80, isSecret: true)
        failedIterations = try members.integer("mapIterationFailureCount", in: 0...Int(Int32.max))
        itemReaderData = try members.optionalString("mapItemReaderData", length: 0...262_144, isSecret: true)
    }

    /// The state that a mocked failure comes from must be inside the tested one.
    ///
    /// Its own Retry and Catch are not asked: the failure is what has left it.
    fileprivate func check(for state: State) throws(ServiceError) {
        guard let errorCausedByState else { return }
        var open = state.nestedGraphs
        while let graph = open.popLast() {
            if graph.states.contains(where: { $0.name == errorCausedByState }) { return }
            open += graph.states.flatMap(\.nestedGraphs)
        }
        throw .validation("State not found in definition")
    }
}
