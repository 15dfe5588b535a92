import Postgres
import Store
import StatesLanguage
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
        #expect(calls.map(\.isKnown) == [true, false])
        #expect(calls.map(\.key) == [key, nil])
    }

    @Test("do not rest where a child ends before that is written", arguments: [true, false])
    func callBefore(isCalledAlready: Bool) {
        var runs = RestingRuns()
        runs.begin(run, key, isCalled: isCalledAlready)
        if !isCalledAlready {
            let call = runs.call(run)
            #expect(call.isKnown && call.key == nil)
        }
        let mayRest = runs.settle(run)
        #expect(!mayRest)
        let isKnown = runs.call(run).isKnown
        #expect(!isKnown)
    }

    @Test("are not taken up where they are held again")
    func end() {
        var runs = RestingRuns()
        runs.begin(run, key, isCalled: false)
        runs.end(run)
        let mayRest = runs.settle(run)
        #expect(mayRest)
        let isKnown = runs.call(run).isKnown
        #expect(!isKnown)
    }

    @Test("are looked at the seldomer the longer they take, but each minute")
    func time() {
        #expect(MapRuns.rest(after: .zero) == .seconds(1))
        #expect(MapRuns.rest(after: .seconds(100)) == .seconds(10))
        #expect(MapRuns.rest(after: .seconds(100_000)) == .seconds(60))
    }
}
