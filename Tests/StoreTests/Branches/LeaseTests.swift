import Interpreter
import JSON
import Postgres
import Store
import TestSupport
import Testing

@Suite("Leasing", .database)
struct LeaseTests {
    @Test("takes from each lane at most its places, the longest ready first")
    func lanes() async throws {
        let bench = try await Bench()
        var ids: [String: [ExecutionID]] = [:]
        for lane in ["", "f", "g"] {
            for _ in 0..<3 {
                let id = bench.newID()
                ids[lane, default: []].append(id)
                _ = try await bench.store.commit(
                    [.start(bench.submission(.perform(), id: id, lease: nil, lane: lane))],
                    on: bench.connection,
                    at: .test(ids[lane]?.count ?? 0)
                )
            }
        }
        let survey = try await bench.store.surveyLanes()
        #expect(survey.lanes.map(\.lane) == ["", "f", "g"] && survey.lanes.allSatisfy { $0.nextWake == .test(1) })

        let leased = try await bench.store.leaseReady(
            from: [
                LanePlaces(lane: "f", places: 2), LanePlaces(lane: "", places: 1), LanePlaces(lane: "h", places: 9),
            ],
            to: bench.worker,
            first: 100,
            outputLimit: 0,
            on: bench.connection
        )
        let expected = try [#require(ids["f"]?[0]), #require(ids["f"]?[1]), #require(ids[""]?[0])]
        #expect(Set(leased.map(\.key.execution)) == Set(expected))
        #expect(Set(leased.map(\.lease.number)) == [100, 101, 102])
        #expect(try await bench.lease(["", "f", "g"]).count == 6)
        #expect(try await bench.lease(["", "f", "g"]).isEmpty)
    }

    @Test("gives nothing to a worker that has ended")
    func ended() async throws {
        let bench = try await Bench()
        _ = try await bench.commit([.start(bench.submission(.perform(), id: bench.newID(), lease: nil))])
        try await bench.store.endWorker(bench.worker)
        #expect(try await bench.lease().isEmpty)
    }

    @Test("never gives a branch to two of four who lease at once")
    func concurrent() async throws {
        let bench = try await Bench()
        let count = 400
        _ = try await bench.commit(
            (0..<count).map { _ in .start(bench.submission(.perform(), id: bench.newID(), lease: nil)) }
        )
        let leased = try await withThrowingTaskGroup(of: [LeasedBranch].self) { group in
            for number in 0..<4 {
                group.addTask {
                    let other = try await Bench()
                    var leased: [LeasedBranch] = []
                    // One that meets the others' locks may see nothing though there is more, so it asks until all is given.
                    while !Task.isCancelled {
                        let more = try await other.lease(places: 7 + number)
                        leased += more
                        if more.isEmpty, try await other.isAllLeased() { break }
                    }
                    return leased
                }
            }
            var all: [LeasedBranch] = []
            for try await some in group { all += some }
            return all
        }
        #expect(leased.count == count && Set(leased.map(\.key)).count == count)
        #expect(Set(leased.map(\.lease)).count == count)
        for branch in leased.prefix(20) {
            let row = try await bench.branch(branch.key)
            #expect(row.worker == branch.lease.worker.rawValue && row.lease == branch.lease.number)
        }
    }

    @Test("does not wait for a commit's lock: what is locked is not given, the rest is")
    func neverWaits() async throws {
        let bench = try await Bench()
        let ids = [bench.newID(), bench.newID()]
        _ = try await bench.commit(ids.map { .start(bench.submission(.perform(), id: $0, lease: nil)) })
        let other = try await bench.connectPatiently()
        try await other.transaction { transaction throws(PostgresError) in
            _ = try await transaction.query(
                "SELECT 1 FROM braid.branches WHERE execution_id = $1 AND branch_id = 0 FOR NO KEY UPDATE",
                [.uuid(ids[0].value)]
            )
            // Were it to wait, it would be refused.
            do {
                try await bench.connection.run(script: "SET lock_timeout = '1ms'")
                let leased = try await bench.lease()
                #expect(leased.map(\.key.execution) == [ids[1]])
            } catch {
                Issue.record(error)
            }
        }
        #expect(try await bench.lease().map(\.key.execution) == [ids[0]])
    }

    @Test("gives the outputs of children with a joined branch that anyone may take")
    func joined() async throws {
        let bench = try await Bench()
        var root = try await bench.start()
        let fork = try await bench.commit(.map(2), of: &root) { $0.share = 2 }
        var children = try #require(fork.committed).taken.compactMap { Held($0) }
        try await bench.commit(.endIteration(1, output: "\"b\""), of: &children[1])
        let last = try await bench.commit(.endIteration(0, output: "\"a\""), of: &children[0]) { $0.takesOver = false }
        #expect(last.committed?.wokenLanes == [""] && last.committed?.taken.isEmpty == true)
        let leased = try #require(try await bench.lease().first)
        guard case .outputs(let outputs)? = leased.joined else { return #expect(Bool(false), "no outputs") }
        #expect(leased.key == root.key && outputs.text == #"["a","b"]"#)
    }

    @Test("reads what is held only under the lease that it is held by")
    func readsHeld() async throws {
        let bench = try await Bench()
        let root = try await bench.start()
        #expect(try await bench.leased(root.key, root.lease)?.number == 1)
        #expect(try await bench.leased(root.key, bench.newLease()) == nil)
    }
}

extension Bench {
    func isAllLeased() async throws -> Bool {
        let rows = try await connection.query("SELECT count(*)::int4 FROM braid.branches WHERE wake_at < 'infinity'")
        return try #require(rows.first)[0] as Int == 0
    }
}
