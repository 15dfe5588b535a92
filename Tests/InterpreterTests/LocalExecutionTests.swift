import Interpreter
import JSON
import StatesLanguage
import Testing

@Suite("An execution in memory")
struct LocalExecutionTests {
    let start = VirtualRun.start

    private func begun(_ definition: StateMachineDefinition) -> (LocalExecution, [LocalExecution.Action]) {
        var random = SeededGenerator(seed: 1)
        var execution = LocalExecution(of: definition, as: Executions.info(input: "[1,2]"))
        let actions = execution.start(at: start, using: &random)
        return (execution, actions)
    }

    private func points(_ actions: [LocalExecution.Action]) -> [LocalExecution.Point] {
        actions.compactMap { action in
            switch action {
            case .perform(_, let point), .await(_, let point), .sleep(_, let point): point
            case .cancel, .end: nil
            }
        }
    }

    private func cancelled(_ actions: [LocalExecution.Action]) -> [LocalExecution.Point] {
        actions.compactMap { if case .cancel(let point) = $0 { point } else { nil } }
    }

    @Test("takes the first answer of each attempt, and no later one")
    func stale() throws {
        var random = SeededGenerator(seed: 1)
        var (execution, actions) = begun(try MapTests.machine())
        let first = points(actions)[0]
        _ = execution.resume(first, with: .succeeded("1"), at: start, using: &random)
        let events = execution.history.count
        #expect(execution.resume(first, with: .succeeded("2"), at: start, using: &random).isEmpty)
        #expect(execution.history.count == events)

        actions = execution.resume(points(actions)[1], with: .succeeded("2"), at: start, using: &random)
        guard case .end(.succeeded(let output))? = actions.last else { return #expect(actions.isEmpty) }
        #expect(output == "[1,2]")
    }

    @Test("cancels what is under way when a sibling fails")
    func cancels() throws {
        var random = SeededGenerator(seed: 1)
        var (execution, actions) = begun(try MapTests.machine())
        let open = points(actions)
        actions = execution.resume(open[0], with: .failed(Failure(error: "E", cause: nil)), at: start, using: &random)
        #expect(cancelled(actions) == [open[1]])
        #expect(execution.outcome == .failed(Failure(error: "E", cause: nil)))
    }

    @Test("can be stopped: one event, and nothing is left under way")
    func stops() throws {
        var random = SeededGenerator(seed: 1)
        var (execution, actions) = begun(try MapTests.machine())
        let open = points(actions)
        actions = execution.stop(Failure(error: "Enough", cause: nil), at: start)
        #expect(cancelled(actions) == open)
        #expect(execution.outcome == .aborted(Failure(error: "Enough", cause: nil)))
        #expect(execution.history.last?.event.type == .executionAborted)
        #expect(execution.history.last?.previousEventID == 0)
        #expect(execution.resume(open[0], with: .succeeded("1"), at: start, using: &random).isEmpty)
        #expect(execution.stop(Failure(error: nil, cause: nil), at: start).isEmpty)
    }

    @Test("times out as a whole when TimeoutSeconds have passed")
    func timesOut() throws {
        let definition = try StateMachineDefinition(
            parsing:
                #"{"TimeoutSeconds": 9, "StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 60, "End": true}}}"#
        )
        var (execution, _) = begun(definition)
        #expect(execution.deadline == start + .seconds(9))
        _ = execution.timeOut(at: start + .seconds(9))
        #expect(execution.outcome == .timedOut)
        #expect(execution.history.map(\.event.type) == [.executionStarted, .waitStateEntered, .executionTimedOut])
    }

    @Test("times out the siblings whose deadline has passed as well")
    func siblings() throws {
        let run = VirtualRun(try MapTests.machine(task: #", "TimeoutSeconds": 5"#), input: "[1,2]") { _ in .hangs }
        #expect(
            run.history.suffix(8) == [
                "12<-7 LambdaFunctionTimedOut", "13<-12 MapIterationFailed", "14<-12 TaskStateAborted",
                "15<-11 LambdaFunctionTimedOut", "16<-12 MapIterationAborted", "17<-12 TaskStateAborted",
                "18<-12 MapStateFailed", "19<-18 ExecutionFailed",
            ]
        )
    }
}

@Suite("A type of history event")
struct HistoryEventTypeTests {
    @Test("is one of AWS's 62")
    func count() { #expect(HistoryEventType.allCases.count == 62) }

    static let members: [(HistoryEventType, String?)] = [
        (.executionStarted, "executionStartedEventDetails"), (.taskStateEntered, "stateEnteredEventDetails"),
        (.mapStateExited, "stateExitedEventDetails"), (.mapIterationStarted, "mapIterationStartedEventDetails"),
        (.lambdaFunctionScheduled, "lambdaFunctionScheduledEventDetails"), (.lambdaFunctionStarted, nil),
        (.parallelStateStarted, nil), (.mapStateStarted, "mapStateStartedEventDetails"), (.mapRunSucceeded, nil),
        (.failStateEntered, "stateEnteredEventDetails"), (.evaluationFailed, "evaluationFailedEventDetails"),
    ]

    @Test("names the member that holds its details", arguments: members)
    func member(_ type: HistoryEventType, _ member: String?) { #expect(type.detailsMember == member) }
}
