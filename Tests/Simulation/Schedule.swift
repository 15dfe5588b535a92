import Engine
import Interpreter
import StatesLanguage

/// All that a seed determines before anything runs: what is run, by whom, and how rough it gets.
struct Schedule {
    let seed: UInt64
    var settings = EngineSettings()
    var profiles: [SimulatedProcess.Profile] = []
    var definitions: [String] = []
    var answers: TaskAnswers
    /// How many executions are started, within the first seconds.
    var executions: Int
    /// How many things go wrong, and for how long.
    var troubles: Int
    var troubleTime: Duration
    /// Of 1,000 requests to the database, how many are lost; as many go unanswered.
    var losses: Int
    /// Of 1,000 transitions, how many the database refuses.
    var refusals: Int
    /// How many submissions a commit takes at most.
    var batchSize: Int
    var stops: Int

    init(seed: UInt64) {
        self.seed = seed
        var random = SeededGenerator(seed: SeededGenerator.mix(seed &+ 0x5EED))
        func draw(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
        func either(_ values: [Int]) -> Int { values[draw(0...(values.count - 1))] }
        answers = TaskAnswers(seed: random.next(), failures: either([0, 0, 10, 30]), hangs: either([0, 0, 4]))
        executions = either([1, 1, 2, 2, 3, 8])
        troubles = either([0, 0, 2, 5, 8])
        troubleTime = .seconds(draw(2...12))
        losses = either([0, 0, 10, 40])
        refusals = either([0, 0, 0, 0, 10])
        batchSize = either([1, 3, 10])
        stops = either([0, 0, 0, 1])
        settings.capacity = either([2, 4, 10, 100])
        settings.keptTransitions = either([1, 3, 100])
        settings.limits.maxChainedStates = either([1, 2, 1_000])
        settings.limits.maxPayloadBytes = either([600, 262_144, 262_144, 262_144])
        for _ in 0..<draw(1...2) {
            var machine = RandomMachine(using: random)
            definitions.append(machine.definition())
            random = machine.random
        }
        let failsOnWorkerLoss = draw(0...15) == 0
        for index in 0..<draw(1...4) {
            // The first serves everything.
            let lanes = RandomMachine.lanes.filter { _ in index == 0 || draw(0...2) > 0 }
            var places: [String: Int] = [:]
            for lane in lanes where draw(0...1) == 0 { places[lane] = draw(1...3) }
            profiles.append(
                SimulatedProcess.Profile(
                    index: index,
                    lanes: lanes,
                    places: places,
                    failsOnWorkerLoss: failsOnWorkerLoss,
                    offset: .milliseconds(draw(-20...20))
                )
            )
        }
    }
}
