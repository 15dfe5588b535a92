import Interpreter
import JSON
import StatesLanguage
import Testing

@Suite("The items of a Distributed Map")
struct ItemSelectionTests {
    /// What has another number of items each time that it is drawn, or a millisecond later.
    static let items = [
        "[1..$floor($random() * 10000) + 1]",
        "$filter($shuffle([1..2000]), function($number, $place) { $number > $place })",
        "[1..$toMillis($now()) % 9973 + 1]",
        "[1..$millis() % 9973 + 1]",
    ]

    private let info = Executions.info()

    private func machine(_ items: String) throws -> StateMachineDefinition {
        try StateMachineDefinition(
            parsing: #"""
                {"QueryLanguage": "JSONata", "StartAt": "M", "States": {"M": {"Type": "Map", "Items": "{% \#(items) %}",
                    "MaxConcurrency": "{% $floor($random() * 5) + 1 %}",
                    "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 3}],
                    "ItemSelector": {"id": "{% $uuid() %}", "at": "{% $millis() %}"},
                    "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                    "StartAt": "X", "States": {"X": {"Type": "Succeed"}}}, "End": true}}}
                """#
        )
    }

    private func length(_ transition: Transition) throws -> Int {
        let event = try #require(transition.events.last { $0.type == .mapStateStarted })
        let value = try #require(event.details.first { $0.name == "length" }?.value)
        guard case .number(let length) = value else { return -1 }
        return length
    }

    private func selection(of transition: Transition, _ interpreter: Interpreter) throws -> ItemSelection {
        // As the branch keeps it: whoever takes the run over has nothing else.
        let run = try #require(interpreter.mapRun(of: transition.branch))
        return try ItemSelection(interpreter, of: transition.branch, for: run, info)
    }

    @Test("are as many as its start told, and the same for all who see to its run", arguments: items, [1, 2, 3])
    func agree(items: String, seed: UInt64) throws {
        let interpreter = Interpreter(definition: try machine(items))
        var random = SeededGenerator(seed: seed)
        let began = interpreter.start(info, at: VirtualRun.start, using: &random)
        var first = try selection(of: began, interpreter)
        #expect(first.items.count == (try length(began)))
        var second = try selection(of: began, interpreter)
        #expect(first.items.map(\.value) == second.items.map(\.value))
        let inputs = try (0..<2).map { try first.input($0, "1", source: "STATE_DATA") }
        #expect(inputs[0] != inputs[1])
        #expect(inputs[1] == (try second.input(1, "1", source: "STATE_DATA")))
    }

    @Test("are those of the time of a retry where the state is retried", arguments: items)
    func retried(items: String) throws {
        let interpreter = Interpreter(definition: try machine(items))
        var random = SeededGenerator(seed: 1)
        var now = VirtualRun.start
        var transition = interpreter.start(info, at: now, using: &random)
        let lengths = try (0..<3).map { _ in
            let length = try length(transition)
            #expect(try selection(of: transition, interpreter).items.count == length)
            for happening in [Happening.failed(Failure(error: "E", cause: nil)), .begin] {
                now = now + .milliseconds(7_001)
                transition = interpreter.resume(
                    transition.branch,
                    of: info,
                    with: happening,
                    at: now,
                    nextEventID: nil,
                    using: &random
                )
            }
            return length
        }
        #expect(Set(lengths).count == 3, "\(lengths)")
    }
}
