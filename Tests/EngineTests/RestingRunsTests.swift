import Lifecycle
import Postgres
import StatesLanguage
import Store
import Synchronization
import TestSupport
import Testing

@testable import Engine

@Suite("Map runs that are let go of while they wait")
struct RestingRunsTests {
    private let run = MapRunID(UUIDValue(high: 1, low: 2))
    private let key = BranchKey(ExecutionID(high: 3, low: 4), 0)

    @Test("are taken up once, when a child ends")
    func call() {
        var runs = RestingRuns()
        runs.begin(run, key, isCalled: false)
        let mayRest = runs.settle(run)
        let calls = [runs.call(run), runs.call(run)]
        #expect(mayRest)
        #expect(calls == [key, nil])
    }

    @Test("do not rest where a child ends before that is written", arguments: [true, false])
    func callBefore(isCalledAlready: Bool) {
        var runs = RestingRuns()
        runs.begin(run, key, isCalled: isCalledAlready)
        if !isCalledAlready {
            let called = runs.call(run)
            #expect(called == nil)
        }
        let mayRest = runs.settle(run)
        #expect(!mayRest)
        let called = runs.call(run)
        #expect(called == nil)
    }

    @Test("are not taken up where they are held again")
    func end() {
        var runs = RestingRuns()
        runs.begin(run, key, isCalled: false)
        runs.end(run)
        let mayRest = runs.settle(run)
        #expect(mayRest)
        let called = runs.call(run)
        #expect(called == nil)
    }

    @Test("are looked at the seldomer the longer they take, but each minute")
    func time() {
        #expect(MapRuns.rest(after: .zero) == .seconds(1))
        #expect(MapRuns.rest(after: .seconds(100)) == .seconds(10))
        #expect(MapRuns.rest(after: .seconds(100_000)) == .seconds(60))
    }

    @Test("are told of to other processes where they are held by one of those meanwhile", .database)
    func elsewhere() async throws {
        let fixture = try await EngineFixture.make([:])
        try await fixture.run { fixture in
            let notifications = Notifications(
                TestDatabase.current.connectionSettings,
                channels: [Store.Channel.ready.rawValue]
            )
            let group = PartGroup([Part("notifications", notifications, ready: { try await notifications.ready() })])
            let running = Task { try await group.run() }
            let events = notifications.subscribe()
            let told = Mutex<MapRunID?>(nil)
            let listening = Task {
                for await case .notified(_, let payload) in events {
                    if let run = MapRuns.run(told: payload) { told.withLock { $0 = run } }
                }
            }
            try await group.ready()
            let mayRest = fixture.engine.mapRuns.state.withLock { state in
                state.resting.begin(run, key, isCalled: false)
                return state.resting.settle(run)
            }
            #expect(mayRest)
            fixture.engine.changed(run)
            try await waitUntil(within: .seconds(60)) { told.withLock { $0 } == run }
            listening.cancel()
            group.stop()
            try await running.value
        }
    }
}
