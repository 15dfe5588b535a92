import Interpreter
import Postgres
import Store
import TestSupport
import Testing

@Suite("Leases that are taken back", .database)
struct ReleaseLeasesTests {
    @Test("are those of workers that have ended, and their late commits change nothing")
    func endedWorker() async throws {
        let bench = try await Bench()
        let other = try await Bench()
        var lost = try await bench.start()
        let kept = try await other.start()
        #expect(try await bench.store.releaseLeases().lanes.isEmpty)

        try await bench.store.endWorker(bench.worker)
        let released = try await bench.store.releaseLeases()
        #expect(released.lanes == [""] && !released.more)
        #expect(try await bench.branch(kept.key).readiness == "leased")
        let row = try await bench.branch(lost.key)
        #expect(row.readiness == "ready" && row.lapses == 1 && row.lease == nil)

        #expect(try await bench.commit(.complete(), of: &lost).isLost)
        var taken = Held(try #require(try await other.lease().first))
        #expect(taken.key == lost.key && taken.branch.phase == .performing)
        #expect(try await bench.commit(.complete(), of: &lost).isLost)
        try await other.commit(.proceed(), of: &taken)
        #expect(try await bench.branch(lost.key).lapses == 0)
        #expect(try await other.history(of: lost.key.execution).count == 5)
    }

    @Test("count as a death each, and the third in a row breaks the branch")
    func deaths() async throws {
        let first = try await Bench()
        let root = try await first.start()
        var bench = first
        for death in 1...3 {
            try await bench.store.endWorker(bench.worker)
            _ = try await bench.store.releaseLeases()
            bench = try await Bench()
            let leased = try #require(try await bench.lease().first)
            #expect(leased.key == root.key)
            if death < 3 {
                #expect(leased.happening == nil)
            } else {
                guard case .broken(let cause)? = leased.happening else { return #expect(Bool(false), "not broken") }
                #expect(cause.contains("3 times"))
            }
        }
    }

    @Test("fail an attempt that is not to be performed again, in the lane that every worker serves")
    func notToBeRepeated() async throws {
        let bench = try await Bench()
        var root = try await bench.start()
        try await bench.commit(.perform("B"), of: &root) { $0.failsOnLoss = true }
        var other = try await bench.start()
        try await bench.commit(.perform("B"), of: &other) { $0.failsOnLoss = true }
        try await bench.commit(.perform("C"), of: &other)
        for key in [root.key, other.key] {
            _ = try await bench.connection.query(
                "UPDATE braid.branches SET lane = 'f' WHERE execution_id = $1",
                [.uuid(key.execution.value)]
            )
        }

        try await bench.store.endWorker(bench.worker)
        #expect(try await bench.store.releaseLeases().lanes == ["", "f"])
        let row = try await bench.branch(other.key)
        #expect(row.lane == "f" && row.happening == nil)
        let leased = try await Bench().lease([""])
        #expect(leased.map(\.key) == [root.key] && leased.map(\.happening) == [.workerLost])
    }

    @Test("can be asked for, and given back one by one if they still are what they were")
    func known() async throws {
        let bench = try await Bench()
        let other = try await Bench()
        var kept = try await bench.start()
        let unknown = try await bench.start()
        let foreign = try await other.start()
        let leases = try await bench.store.leases(of: bench.worker)
        #expect(Set(leases.map(\.lease)) == [kept.lease, unknown.lease])
        #expect(Set(leases.map(\.key)) == [kept.key, unknown.key])

        let stale = Lease(worker: bench.worker, number: kept.lease.number + 1_000)
        let lanes = try await bench.store.releaseLeases([(unknown.key, unknown.lease), (kept.key, stale)])
        #expect(lanes == [""])
        let row = try await bench.branch(unknown.key)
        #expect(row.readiness == "ready" && row.lease == nil && row.lapses == 0)
        #expect(try await bench.branch(foreign.key).readiness == "leased")
        try await bench.commit(.proceed(), of: &kept)
    }

    @Test("are given to nobody for as long as is asked when they are given back")
    func delayed() async throws {
        let bench = try await Bench()
        let held = try await bench.start()
        try await bench.store.releaseLeases([(held.key, held.lease)], for: .seconds(60))
        #expect(try await bench.lease().isEmpty)
        try await bench.advance(by: 61)
        #expect(try await bench.lease().map(\.key) == [held.key])
    }

    @Test("of a worker that hands them back count as no death")
    func handedBack() async throws {
        let bench = try await Bench()
        let other = try await Bench()
        let root = try await bench.start()
        let kept = try await other.start()
        let released = try await bench.store.releaseLeases(of: bench.worker)
        #expect(released.lanes == [""])
        #expect(try await bench.branch(root.key).lapses == 0)
        #expect(try await bench.branch(root.key).readiness == "ready")
        #expect(try await bench.branch(kept.key).readiness == "leased")
    }

    @Test("that a worker does not know of are those of the numbers it gave to a commit whose answer was lost")
    func unknown() async throws {
        let bench = try await Bench()
        var root = try await bench.start()
        var first: Int64 = 0
        try await bench.commit(.map(3), of: &root) { one in
            one.share = 2
            first = one.firstLease
            one.lanes = ["I": "f"]
        }
        let lanes = try await bench.store.releaseUnknown(
            in: root.key.execution,
            of: bench.worker,
            from: first + 1,
            count: 9
        )
        #expect(lanes == ["f"])
        #expect(try await bench.branch(BranchKey(root.key.execution, 1)).readiness == "leased")
        #expect(try await bench.branch(BranchKey(root.key.execution, 2)).readiness == "ready")
        #expect(try await bench.branch(BranchKey(root.key.execution, 2)).lapses == 0)
    }
}
