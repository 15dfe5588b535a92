import Foundation
import Simulation

// Runs simulated schedules: BRAID_SIMULATION_SCHEDULES of them, or, with all that happens, the one of BRAID_SIMULATION_SEED.

let environment = ProcessInfo.processInfo.environment

if let seed = environment["BRAID_SIMULATION_SEED"].flatMap({ Int($0) }) {
    let violation = try Schedules.run(seed, isTraced: true)
    print(violation.map(\.description) ?? "seed \(seed): all held")
    exit(violation == nil ? 0 : 1)
}
let count = environment["BRAID_SIMULATION_SCHEDULES"].flatMap { Int($0) } ?? 10_000
let began = ContinuousClock.now
let violations = try await Schedules.run(1...count, processors: ProcessInfo.processInfo.activeProcessorCount)
for violation in violations { print(violation) }
print("\(count) schedules in \(ContinuousClock.now - began): \(violations.isEmpty ? "all held" : "FAILED")")
exit(violations.isEmpty ? 0 : 1)
