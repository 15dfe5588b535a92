import StatesLanguage

/// What a measurement was asked to be.
struct BenchOptions: Sendable {
    var scenario: BenchScenario
    /// How many polls, or held branches, a process has.
    var polls: Int
    /// How many history rows a database grows to.
    var history: Int
    /// How long a snapshot is held, or the load goes on.
    var seconds: Int
    /// How many executions; each scenario has its own number unless given.
    var executions: Int?
    var tasks: Int
    var items: Int
    /// What children of map runs are, in the order in which they are measured.
    var children: [StateMachineType]
    var bytes: Int
    /// How many HTTP connections ask at once.
    var connections: Int
    /// How many processes a function has in each worker.
    var processes: Int
    /// How many branches sleep.
    var sleepers: Int
    /// How many worker processes; 0 has the work done by the process that also starts it.
    var workers: Int
    var database: String?
    /// How long the yardstick and the limit are measured each time.
    var reference: Duration = .milliseconds(1_500)

    init(_ invocation: Invocation) throws {
        let word = invocation.operand(0) ?? ""
        // These measure chains.
        let name = BenchCommand.otherNames.contains(word) ? "chain" : word
        guard let scenario = BenchScenario(rawValue: name) else {
            let names = BenchScenario.allCases.map(\.rawValue) + BenchCommand.otherNames
            throw UsageError(
                "there is no scenario '\(name)': " + names.joined(separator: ", "),
                didYouMean: Suggestion.closest(to: name, among: names)
            )
        }
        self.scenario = scenario
        executions = try invocation.number("executions", in: 1...10_000_000)
        tasks = try invocation.number("tasks", in: 1...1_000) ?? 10
        let isMapRun = word == "map-run"
        items =
            try invocation.number("items", in: 1...(isMapRun ? 10_000_000 : 100_000)) ?? (isMapRun ? 100_000 : 10_000)
        switch invocation.value("children") {
        case nil, "both": children = [.express, .standard]
        case "express": children = [.express]
        case "standard": children = [.standard]
        case let other?: throw UsageError("--children must be standard, express or both, not '\(other)'")
        }
        bytes = try invocation.number("bytes", in: 16...250_000) ?? (scenario == .payload ? 10_000 : 200)
        connections = try invocation.number("connections", in: 1...1_000) ?? 32
        polls = try invocation.number("polls", in: 1...50_000) ?? 10_000
        history = try invocation.number("history", in: 1...100_000_000) ?? 2_000_000
        seconds = try invocation.number("seconds", in: 1...86_400) ?? (word == "soak" ? 1_800 : 600)
        processes = try invocation.number("processes", in: 1...1_000) ?? 32
        sleepers = try invocation.number("sleepers", in: 1...10_000_000) ?? 1_000_000
        workers = try invocation.number("workers", in: 0...64) ?? 0
        database = invocation.value("database")
        guard workers == 0 || !scenario.isServed || scenario == .functions else {
            throw UsageError("--workers goes with \(BenchScenario.spread)")
        }
    }
}
