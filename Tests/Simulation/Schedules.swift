/// Schedules by their seeds.
package enum Schedules {
    /// What a schedule came to that should not be.
    package struct Violation: Sendable, CustomStringConvertible {
        package let seed: Int
        package let words: String

        package var description: String { "seed \(seed): \(words); replay it with BRAID_SIMULATION_SEED=\(seed)" }
    }

    /// Runs one schedule.
    ///
    /// - Returns: The first thing that did not hold.
    package static func run(_ seed: Int, flaw: Flaw? = nil, isTraced: Bool = false) throws -> Violation? {
        let simulation = try Simulation(Schedule(seed: UInt64(seed)), flaw: flaw, isTraced: isTraced)
        return simulation.run().first.map { Violation(seed: seed, words: $0) }
    }

    /// Runs many schedules, on several processors.
    ///
    /// - Returns: What did not hold, in the order of the seeds; some of it where there is much.
    package static func run(_ seeds: ClosedRange<Int>, processors: Int) async throws -> [Violation] {
        let shares = max(1, processors)
        return try await withThrowingTaskGroup(of: [Violation].self) { group in
            for share in 0..<shares {
                group.addTask {
                    var violations: [Violation] = []
                    for seed in stride(from: seeds.lowerBound + share, through: seeds.upperBound, by: shares) {
                        if let violation = try run(seed) { violations.append(violation) }
                        if violations.count >= 20 { break }
                    }
                    return violations
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }.sorted { $0.seed < $1.seed }
        }
    }
}
