import Interpreter
import JSON
import StatesLanguage
import Testing

@Suite("A transition")
struct TransitionTests {
    let info = Executions.info()
    let now = VirtualRun.start

    private func resume(
        _ definition: StateMachineDefinition,
        _ branch: Branch,
        with happening: Happening = .begin,
        nextEventID: Int? = nil,
        limits: Limits = Limits()
    ) -> Transition {
        var random = SeededGenerator(seed: 1)
        return Interpreter(definition: definition, limits: limits).resume(
            branch,
            of: info,
            with: happening,
            at: now,
            nextEventID: nextEventID,
            using: &random
        )
    }

    private func loop() throws -> StateMachineDefinition {
        try Definitions.machine(
            "A",
            #"""
            "A": {"Type": "Pass", "Next": "B"},
            "B": {"Type": "Choice", "Choices": [{"Variable": "$.stop", "IsPresent": true, "Next": "C"}], "Default": "A"},
            "C": {"Type": "Succeed"}
            """#
        )
    }

    @Test("chains states up to the first that needs something from outside")
    func chain() throws {
        let definition = try Definitions.machine(
            "A",
            #"""
            "A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Wait", "Seconds": 0, "Next": "T"},
            "T": {"Type": "Task", "Resource": "\#(Definitions.function)", "End": true}
            """#
        )
        var random = SeededGenerator(seed: 1)
        let begun = Interpreter(definition: definition).start(info, at: now, using: &random)
        #expect(
            begun.events.map(\.type) == [
                .executionStarted, .passStateEntered, .passStateExited, .waitStateEntered, .waitStateExited,
                .taskStateEntered, .lambdaFunctionScheduled, .lambdaFunctionStarted,
            ]
        )
        #expect(begun.chainEnd == 7)
        #expect(begun.entered == 5)
        #expect(begun.branch.phase == .performing)
        guard case .perform = begun.directive else { return #expect(begun.events.isEmpty) }
    }

    @Test("that ends an execution ends it so, too, where nobody asks for its history")
    func ending() throws {
        let fails = #""A": {"Type": "Pass", "InputPath": "$.none", "End": true}"#
        let rows: [(states: String, ends: Bool)] = [
            (#""A": {"Type": "Pass", "Result": [1, 2.0], "Next": "B"}, "B": {"Type": "Succeed"}"#, true),
            (
                #""A": {"Type": "Pass", "Parameters": {"a.$": "$$.Execution.Name"}, "ResultPath": "$.b", "End": true}"#,
                true
            ),
            (#""A": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% 1 + 1 %}", "End": true}"#, true),
            (#""A": {"Type": "Fail", "Error": "E", "Cause": "C"}"#, true),
            // Its cause names an event.
            (fails, false),
            (#""A": {"Type": "Wait", "Seconds": 1, "End": true}"#, false),
            (#""A": {"Type": "Task", "Resource": "\#(Definitions.function)", "End": true}"#, false),
        ]
        for (states, ends) in rows {
            let interpreter = Interpreter(definition: try Definitions.machine("A", states))
            var random = SeededGenerator(seed: 1)
            let started = interpreter.start(info, at: now, using: &random)
            switch (interpreter.ending(info, at: now, using: &random), started.directive) {
            case (.complete(let output)?, .complete(let other)): #expect(output == other && ends)
            case (.fail(let failure)?, .fail(let other)): #expect(failure == other && ends)
            case (nil, _): #expect(!ends, "\(states)")
            case (let ending?, let other): Issue.record("\(ending) is not \(other)")
            }
        }
    }

    @Test("that only starts an execution leaves the chain at its beginning")
    func started() throws {
        let begun = Interpreter(definition: try loop()).started(info)
        #expect(begun.events.map(\.type) == [.executionStarted])
        #expect(begun.chainEnd == nil)
        #expect(begun.branch.phase == .entering)
        #expect(begun.branch.previousEventID == 0)
    }

    @Test("ends after as many states as the limits allow, before the next")
    func maxChainedStates() throws {
        var random = SeededGenerator(seed: 1)
        let interpreter = Interpreter(definition: try loop(), limits: Limits(maxChainedStates: 5))
        let begun = interpreter.start(info, at: now, using: &random)
        #expect(begun.events.count == 1 + 5 * 2)
        #expect(begun.branch.phase == .entering)
        #expect(begun.branch.state == "B")
        #expect(begun.entered == nil)
        guard case .proceed = begun.directive else { return #expect(begun.events.isEmpty) }
    }

    @Test("ends after as many bytes as the limits allow")
    func maxChainBytes() throws {
        var branch = Branch(
            kind: .root,
            state: "A",
            phase: .entering,
            input: JSONText(.string(String(repeating: "a", count: 1_000)))
        )
        branch.previousEventID = 7
        let transition = resume(try loop(), branch, limits: Limits(maxChainBytes: 10_000))
        #expect(transition.events.count == 2 * 10)
    }

    @Test("fails an execution whose history is full")
    func maxHistoryEvents() throws {
        let branch = Branch(kind: .root, state: "A", phase: .entering, input: "{}", previousEventID: 90)
        let transition = resume(try loop(), branch, nextEventID: 91, limits: Limits(maxHistoryEvents: 100))
        guard case .fail(let failure) = transition.directive else { return #expect(transition.events.isEmpty) }
        #expect(failure.cause == "The execution reached the maximum number of history events (100).")
        #expect(failure.error == "States.Runtime")
    }

    // MARK: - Settling

    @Test("that needs an id not known yet ends right after Entered, and goes on once it is")
    func settles() throws {
        let definition = try Definitions.machine(
            "A",
            #""A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "InputPath": "$.x", "End": true}"#
        )
        let branch = Branch(kind: .branch(0), state: "A", phase: .starting, input: "{}", previousEventID: 3)
        let settled = resume(definition, branch)
        #expect(settled.events.map(\.type) == [.passStateEntered, .passStateExited, .passStateEntered])
        #expect(settled.events.map(\.previous) == [.chain, .event(0), .event(1)])
        #expect(settled.entered == 2)
        #expect(settled.chainEnd == 2)
        #expect(settled.branch.phase == .entered)
        guard case .proceed = settled.directive else { return #expect(settled.events.isEmpty) }

        var committed = settled.branch
        committed.enteredEventID = 12
        committed.previousEventID = 12
        let ended = resume(definition, committed)
        guard case .fail(let failure) = ended.directive else { return #expect(ended.events.isEmpty) }
        #expect(failure.cause?.contains("(entered at the event id #12)") == true)
        #expect(ended.events.isEmpty)
    }

    @Test("knows the id of a state that it enters from the id of its first event")
    func knownID() throws {
        let definition = try Definitions.machine("A", #""A": {"Type": "Pass", "InputPath": "$.x", "End": true}"#)
        let branch = Branch(kind: .iteration(0), state: "A", phase: .starting, input: "{}", previousEventID: 3)
        let ended = resume(definition, branch, nextEventID: 9)
        guard case .fail(let failure) = ended.directive else { return #expect(ended.events.isEmpty) }
        #expect(failure.cause?.contains("(entered at the event id #10)") == true)
        #expect(ended.events.map(\.type) == [.mapIterationStarted, .passStateEntered, .mapIterationFailed])
        #expect(ended.chainEnd == 1)
    }

    // MARK: - Attempts

    @Test("gives the same request to whoever performs an attempt again")
    func takeover() throws {
        let definition = try Definitions.plainTask(
            #", "TimeoutSeconds": 5, "Parameters": {"id.$": "States.UUID()", "at.$": "$$.State.EnteredTime"}"#
        )
        let interpreter = Interpreter(definition: definition)
        var random = SeededGenerator(seed: 1)
        let begun = interpreter.start(info, at: now, using: &random)
        guard case .perform(let request) = begun.directive else { return #expect(begun.events.isEmpty) }
        let again = interpreter.request(of: begun.branch, of: info)
        #expect(again?.input == request.input)
        #expect(again?.deadline == request.deadline)
        #expect(begun.branch.taskInput != nil)
        #expect(interpreter.request(of: interpreter.started(info).branch, of: info) == nil)
    }

    @Test("asks for a token before the input that holds it, and a new one in each attempt")
    func token() throws {
        let definition = try Definitions.plainTask(
            #", "Parameters": {"QueueUrl": "q", "MessageBody.$": "$$.Task.Token"}, "#
                + #""Retry": [{"ErrorEquals": ["States.ALL"]}]"#,
            resource: Definitions.callback
        )
        let interpreter = Interpreter(definition: definition)
        var random = SeededGenerator(seed: 1)
        let begun = interpreter.start(info, at: now, using: &random, token: { "first" })
        guard case .perform(let request) = begun.directive else { return #expect(begun.events.isEmpty) }
        #expect(request.input == #"{"QueueUrl":"q","MessageBody":"first"}"#)
        #expect(begun.branch.taskToken == "first")

        let submitted = resume(definition, begun.branch, with: .succeeded(#"{"MessageId":"1"}"#))
        #expect(submitted.events.map(\.type) == [.taskSubmitted])
        #expect(submitted.branch.phase == .awaiting)
        #expect(submitted.branch.taskToken == "first")

        let failed = resume(definition, submitted.branch, with: .failed(Failure(error: "E", cause: nil)))
        #expect(failed.branch.phase == .backingOff)
        #expect(failed.branch.taskToken == nil)
        let again = interpreter.resume(
            failed.branch,
            of: info,
            with: .begin,
            at: now,
            nextEventID: nil,
            using: &random,
            token: { "second" }
        )
        #expect(again.branch.taskToken == "second")

        let ended = resume(definition, submitted.branch, with: .succeeded("1"), nextEventID: 9)
        #expect(ended.events.map(\.type).first == .taskSucceeded)
    }

    // MARK: - What cannot be

    static let phases: [Branch.Phase] = [
        .starting, .entering, .entered, .performing, .awaiting, .sleeping, .backingOff, .forked, .joined,
    ]
    static let happenings: [Happening] = [
        .begin, .succeeded("1"), .failed(Failure(error: nil, cause: nil)), .timedOut(heartbeat: false), .joined("[]"),
        .joinedOverLimit(bytes: 1), .childFailed(Failure(error: nil, cause: nil), toleranceExceeded: false),
        .broken(cause: "The worker died three times."),
    ]

    @Test("never traps, whatever happens wherever a branch stands", arguments: phases, ["A", "T", "nowhere"])
    func misfits(_ phase: Branch.Phase, _ state: String) throws {
        let definition = try Definitions.machine(
            "A",
            #"""
            "A": {"Type": "Pass", "Next": "T"},
            "T": {"Type": "Task", "Resource": "\#(Definitions.function)", "End": true}
            """#
        )
        for happening in Self.happenings {
            for kind in [Branch.Kind.root, .branch(1), .iteration(2)] {
                let branch = Branch(kind: kind, state: state, phase: phase, input: "{}")
                let transition = resume(definition, branch, with: happening)
                for (index, event) in transition.events.enumerated() {
                    if case .event(let previous) = event.previous { #expect(previous < index) }
                }
                if case .broken(let cause) = happening {
                    guard case .fail(let failure) = transition.directive else { return #expect(Bool(false)) }
                    #expect(failure == Failure(error: "States.Runtime", cause: cause))
                }
            }
        }
    }

    @Test("of an aborted branch is what its phase has left open")
    func aborted() throws {
        let interpreter = Interpreter(definition: try MapTests.machine())
        var branch = Branch(kind: .iteration(4), state: "T", phase: .starting, input: "1")
        #expect(interpreter.aborted(branch).isEmpty)
        branch.phase = .entering
        #expect(interpreter.aborted(branch).map(\.type) == [.mapIterationAborted])
        branch.phase = .backingOff
        #expect(interpreter.aborted(branch).map(\.type) == [.mapIterationAborted, .taskStateAborted])
        let details = interpreter.aborted(branch)[0].details
        #expect(details.first { $0.name == "name" }?.value == .text("M"))
        #expect(details.first { $0.name == "index" }?.value == .number(4))
    }
}
