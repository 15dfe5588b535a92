import Interpreter
import Postgres
import StatesLanguage
import Store
import Testing

@Suite("A map run whose execution is redriven")
struct RedrivableRunTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var status: MapRunRecord.Status = .failed
        var error: String?
        var children = 1
        var state = "M"
        let goesOn: Bool
    }

    static let rows = [
        Row(
            testDescription: "goes on where too many of its items failed",
            error: ErrorName.exceedToleratedFailureThreshold,
            goesOn: true
        ),
        Row(testDescription: "goes on where it was stopped", status: .aborted, goesOn: true),
        Row(
            testDescription: "goes on where its results could not be written",
            error: ErrorName.resultWriterFailed,
            goesOn: true
        ),
        Row(
            testDescription: "begins anew where no child had begun",
            error: ErrorName.itemReaderFailed,
            children: 0,
            goesOn: false
        ),
        Row(
            testDescription: "begins anew where its results were too long",
            error: ErrorName.dataLimitExceeded,
            goesOn: false
        ),
        Row(testDescription: "begins anew where data did not suit its fields", error: ErrorName.runtime, goesOn: false),
        Row(testDescription: "begins anew where what failed came after it", status: .succeeded, goesOn: false),
        Row(testDescription: "begins anew where it was another state's", state: "Other", goesOn: false),
    ]

    @Test(arguments: rows)
    func goesOn(_ row: Row) {
        let run = RedrivableRun(
            id: MapRunID(UUIDValue(high: 1, low: 2)),
            state: row.state,
            label: "L",
            status: row.status,
            error: row.error,
            children: row.children,
            redriveCount: 0
        )
        #expect(run.goesOn(in: "M") == row.goesOn)
    }

    @Test("tells of itself behind ExecutionRedriven, and its branch goes on from there")
    func events() throws {
        var root = BranchRow(key: BranchKey(ExecutionID(high: 1, low: 1), 0), kind: .root, state: "M")
        root.status = .failed
        root.phase = .joined
        let run = RedrivableRun(
            id: MapRunID(UUIDValue(high: 1, low: 2)),
            state: "M",
            label: "L",
            status: .failed,
            children: 3,
            redriveCount: 0
        )
        let plan = RedrivePlan(
            rows: [root],
            errors: [:],
            runs: [root.key: run],
            event: 12,
            now: Timestamp(microseconds: 5),
            lane: { _ in "a lane" }
        )
        #expect(plan.redrivenRuns.map(\.run) == [run])
        let branch = try #require(plan.changed.first)
        #expect(branch.phase == .distributed)
        #expect(branch.previousEventID == 13)
        #expect(branch.lane == "")
    }
}
