import JSON
import StatesLanguage
import Testing

@testable import BraidCommand

@Suite("braid redrive")
struct RedriveCommandTests {
    static let service = RemoteServiceTests.Rehearsed { action, request in
        let arn = request["executionArn"]?.string ?? ""
        switch action {
        case "ListExecutions":
            return (
                200,
                [
                    "executions": [
                        ["executionArn": "old", "stopDate": 1_000], ["executionArn": "a", "stopDate": 2_000],
                        ["executionArn": "b", "stopDate": 3_000], ["executionArn": "c", "stopDate": 3_000],
                    ]
                ]
            )
        case "DescribeExecution": return (200, ["error": .string(arn == "b" ? "Other" : "Mine")])
        case "RedriveExecution" where arn == "c": return (400, ["__type": "ExecutionNotRedrivable", "message": "no"])
        default: return (200, ["redriveDate": 1])
        }
    }

    @Test("selects by time and by error")
    func selection() async throws {
        let since = Timestamp(microseconds: 1_500_000_000)
        let all = try await RedriveCommand.select(of: "m", "FAILED", since, error: nil, Self.service.service)
        #expect(all == ["a", "b", "c"])
        let some = try await RedriveCommand.select(of: "m", "FAILED", nil, error: "Mine", Self.service.service)
        #expect(some == ["old", "a", "c"])
    }

    @Test("goes in batches, tells how far it is, and goes on after a refusal")
    func batches() async throws {
        var redriving = Redriving(service: Self.service.service, batch: 2)
        var told: [Int] = []
        try await redriving.run(["a", "c", "b"]) { told.append($0) }
        #expect(redriving.redriven == ["a", "b"])
        #expect(redriving.refused.map(\.arn) == ["c"])
        #expect(told == [2, 3])
    }

    @Test("takes a time, or how long ago it was")
    func since() throws {
        let now = Timestamp(microseconds: 1_000_000_000_000)
        #expect(try RedriveCommand.instant("2h", now: now) == now - .seconds(7_200))
        #expect(try RedriveCommand.instant("1970-01-02T00:00:00Z", now: now).microseconds == 86_400_000_000)
        #expect(throws: UsageError.self) { try RedriveCommand.instant("yesterday", now: now) }
    }
}
