import Postgres
import StatesLanguage
import Store
import TestSupport
import Testing

@testable import Interpreter

@Suite("A step of a map run", .database)
struct MapRunStepTests {
    /// A branch that waits for a run of its own.
    private func distributed(_ bench: Bench) async throws -> (held: Held, run: MapRunID) {
        var held = try await bench.start()
        let run = MapRunID(bench.newID().value)
        let request = MapRunRequest(id: "\(run)", label: "L", state: "A", type: .express, maxConcurrency: 0)
        try await bench.commit(Step(directive: .distribute(request), phase: .distributed), of: &held)
        return (held, run)
    }

    private func results(_ held: Held, _ run: MapRunID) -> ChildrenSubmission {
        var counts = MapRunCounts()
        counts.executions.succeeded = 2
        counts.items.succeeded = 3
        return ChildrenSubmission(
            key: held.key,
            lease: held.lease,
            number: held.number,
            run: run,
            results: [ChildResults(firstChild: 0, children: 2, text: "[]", counts: counts)],
            cursor: "{}",
            items: 3,
            children: 2,
            total: nil
        )
    }

    @Test("keeps and counts results once, although a lost answer has it submitted twice")
    func repeated() async throws {
        let bench = try await Bench()
        let (held, run) = try await distributed(bench)
        for isRepeated in [false, true] {
            let answers = try await bench.commit([.children(results(held, run))], isRepeated: isRepeated)
            guard case .childrenStarted? = answers.first else {
                Issue.record("\(answers)")
                return
            }
        }
        let record = try #require(try await bench.store.mapRun(run))
        #expect(record.counts.executions.succeeded == 2)
        #expect(record.counts.items.succeeded == 3)
        #expect(record.children == 2)
    }

    @Test("forgets that workers died over the run's branch: it goes on")
    func lapses() async throws {
        let bench = try await Bench()
        let (held, run) = try await distributed(bench)
        func die() async throws {
            _ = try await bench.connection.query("UPDATE braid.branches SET lapses = 2 WHERE branch_id = 0")
        }
        try await die()
        _ = try await bench.commit([.children(results(held, run))])
        #expect(try await bench.branch(held.key).lapses == 0)
        try await die()
        let holder = MapRunHolder(run: run, key: held.key, lease: held.lease, number: held.number)
        try await bench.store.forgiveLapses(of: holder)
        #expect(try await bench.branch(held.key).lapses == 0)
        try await die()
        #expect(try await bench.store.finishRedrive(by: holder))
        #expect(try await bench.branch(held.key).lapses == 0)
    }
}
