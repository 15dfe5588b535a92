import Foundation
import Simulation
import Testing

@Suite("Simulated workers on a simulated database")
struct SimulationTests {
    static func environment(_ name: String) -> Int? { ProcessInfo.processInfo.environment[name].flatMap { Int($0) } }

    @Test("end every execution as it may end, in whatever order things happen, and whatever is lost")
    func schedules() async throws {
        if let seed = Self.environment("BRAID_SIMULATION_SEED") {
            let violation = try Schedules.run(seed, isTraced: true)
            return #expect(violation == nil)
        }
        let count = Self.environment("BRAID_SIMULATION_SCHEDULES") ?? 300
        for violation in try await Schedules.run(1...count, processors: ProcessInfo.processInfo.activeProcessorCount) {
            Issue.record("\(violation)")
        }
    }

    @Test("are found out if the model has a flaw", arguments: Flaw.allCases)
    func flaws(_ flaw: Flaw) throws {
        let found = try (1...400).first { try Schedules.run($0, flaw: flaw) != nil }
        #expect(found != nil)
    }
}
