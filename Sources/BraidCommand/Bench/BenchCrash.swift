import Engine
import Foundation
import Postgres
import Store

/// `braid bench crash`: how long work stands still when its worker is killed.
struct BenchCrash {
    private let options: BenchOptions
    private let run: BenchRun

    init(_ options: BenchOptions, _ connection: ConnectionSettings) async throws {
        self.options = options
        run = try await BenchRun(options, connection)
    }

    /// Kills a worker amid 1,000 executions and starts another; then kills that one while a third stands by.
    ///
    /// - Returns: The seconds until the next transition, both times.
    func measure() async throws -> [(name: String, value: Double)] {
        let url = run.connection.url
        let first = try BenchChild(parts: "worker,scheduler", url: url)
        var left = [first]
        defer { for child in left { child.kill() } }
        return try await run.withEngine(works: false) { engine in
            let machine = try await run.makeMachine(
                engine.store,
                definition: BenchScenario.chain(100, of: BenchProcess.slow)
            )
            let count = options.executions ?? 1_000
            try await run.startAll(count, machine, engine)
            // All are under way.
            while try await Store.transitionCount(of: machine.id, on: run.setup) < 3 * count {
                try await Task.sleep(for: .milliseconds(50))
            }
            // In its server's first seconds a missing session says nothing (DESIGN §5); this one is older.
            try await Task.sleep(for: .seconds(6))
            first.kill()
            var began = ContinuousClock.now
            let before = try await Store.transitionCount(of: machine.id, on: run.setup)
            let second = try BenchChild(parts: "worker,scheduler", url: url)
            left = [second]
            let restarted = try await wait(after: before, of: machine.id, since: began)
            // The other leases nothing: the one holds everything.
            let third = try BenchChild(parts: "worker,scheduler", url: url)
            left.append(third)
            try await Task.sleep(for: .seconds(3))
            second.kill()
            began = ContinuousClock.now
            let then = try await Store.transitionCount(of: machine.id, on: run.setup)
            let takenOver = try await wait(after: then, of: machine.id, since: began)
            return [
                ("executions", Double(count)), ("restart_seconds", restarted), ("takeover_seconds", takenOver),
            ]
        }
    }

    private func wait(
        after count: Int,
        of machine: StateMachineID,
        since began: ContinuousClock.Instant
    ) async throws -> Double {
        while try await Store.transitionCount(of: machine, on: run.setup) <= count {
            try await Task.sleep(for: .milliseconds(5))
        }
        return (ContinuousClock.now - began) / .seconds(1)
    }
}
