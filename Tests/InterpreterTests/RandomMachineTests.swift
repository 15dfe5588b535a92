import Interpreter
import JSON
import StatesLanguage
import Testing

@Suite("Any state machine")
struct RandomMachineTests {
    static let seeds: ClosedRange<UInt64> = 1...200

    private func run(_ seed: UInt64, tellsEventIDs: Bool = true) throws -> VirtualRun {
        var machine = RandomMachine(seed: seed)
        let definition = try StateMachineDefinition(parsing: machine.definition().text)
        var random = machine.random
        return VirtualRun(
            definition,
            input: #"{"n":1,"items":[1,2,3]}"#,
            tellsEventIDs: tellsEventIDs
        ) { request in
            let delay = Duration.milliseconds(Int.random(in: 0...4_000, using: &random))
            switch Int.random(in: 0..<6, using: &random) {
            case 0: return .fails(Failure(error: "E", cause: "c"), after: delay)
            case 1: return .hangs
            default: return .succeeds(request.input, after: delay)
            }
        }
    }

    @Test("ends, with events numbered without gaps and each after the one it follows")
    func ends() throws {
        for seed in Self.seeds {
            let run = try run(seed)
            let history = run.execution.history
            #expect(run.outcome != nil, "seed \(seed)")
            #expect(history.map(\.id) == Array(1...history.count), "seed \(seed)")
            #expect(history.allSatisfy { $0.previousEventID < $0.id }, "seed \(seed)")
            #expect(zip(history, history.dropFirst()).allSatisfy { $0.time <= $1.time }, "seed \(seed)")
            let last = history.last?.event.type
            #expect(last == .executionSucceeded || last == .executionFailed, "seed \(seed)")
        }
    }

    @Test("ends every iteration that it starts")
    func iterations() throws {
        for seed in Self.seeds {
            let types = try run(seed).types
            let started = types.filter { $0 == .mapIterationStarted }.count
            let ended = types.filter {
                [.mapIterationSucceeded, .mapIterationFailed, .mapIterationAborted].contains($0)
            }.count
            #expect(started == ended, "seed \(seed)")
        }
    }

    @Test("has the same history where transitions settle")
    func settling() throws {
        for seed in Self.seeds {
            let known = try run(seed)
            let settled = try run(seed, tellsEventIDs: false)
            // A branch that settles lets others write first; alone the history is the same.
            guard !known.types.contains(.parallelStateStarted), !known.types.contains(.mapStateStarted) else {
                continue
            }
            #expect(known.history == settled.history, "seed \(seed)")
            #expect(known.outcome == settled.outcome, "seed \(seed)")
        }
    }
}
