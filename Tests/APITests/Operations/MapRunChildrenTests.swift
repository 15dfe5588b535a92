import JSON
import Postgres
import Store
import TestSupport
import Testing

@testable import API

@Suite("The list of a map run's children", .database, .serialized)
struct MapRunChildrenTests {
    /// Children that are given 100 or more wait for long, the others end at once.
    private static let machine = #"""
        {"StartAt":"M","States":{"M":{"Type":"Map","Label":"L","End":true,"ItemProcessor":{
        "ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"C","States":{
        "C":{"Type":"Choice","Choices":[{"Variable":"$","NumericGreaterThanEquals":100,"Next":"W"}],"Default":"S"},
        "W":{"Type":"Wait","Seconds":86400,"Next":"S"},"S":{"Type":"Succeed"}}}}}}
        """#

    /// Lists children, and tells by their inputs which they are.
    private struct Lister {
        let service: EngineRouter
        let run: JSONValue

        func page(_ members: JSONObject = [:]) async throws -> (inputs: [String], token: JSONValue?) {
            var members = members
            members["mapRunArn"] = run
            let answer = try await service.call("ListExecutions", members)
            var inputs: [String] = []
            for child in answer["executions"]?.array ?? [] {
                let arn = try #require(child["executionArn"])
                let described = try await service.call("DescribeExecution", ["executionArn": arn])
                inputs.append(try #require(described["input"]?.string))
            }
            return (inputs, answer["nextToken"])
        }
    }

    /// Sets a time of the child that was given `input`: so many seconds ago.
    private func set(_ column: String, ofChild input: String, ago seconds: Int, in service: EngineRouter) async throws {
        _ = try await service.service.store.pool.query(
            """
            UPDATE braid.executions SET \(column) = now() - $2 * interval '1 s'
            WHERE map_run_id IS NOT NULL AND input = $1
            """,
            [.text(input), .float8(Double(seconds))]
        )
    }

    /// The execution's run, once those of its children that end have ended and the others have begun.
    private func run(of arn: JSONValue, in service: EngineRouter) async throws -> JSONValue {
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            let runs = try await service.call("ListMapRuns", ["executionArn": arn])["mapRuns"]
            if let run = runs?[0]?["mapRunArn"] {
                let counts = try await service.call("DescribeMapRun", ["mapRunArn": run])["executionCounts"]
                if counts?["succeeded"] == 4, counts?["running"] == 2 { return run }
            }
            guard ContinuousClock.now < deadline else { throw EngineRouter.Refused(answer: "\(runs ?? .null)") }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    @Test("has those first that began or ended last, and goes on behind each page while children end")
    func order() async throws {
        try await EngineRouter.run { service in
            let machine = try await service.machine("M", Self.machine)
            let arn = try await service.start(machine, input: "[0,1,2,3,100,101]")
            let list = Lister(service: service, run: try await run(of: arn, in: service))
            for (input, seconds) in [("2", 10), ("0", 20), ("3", 40), ("1", 60)] {
                try await set("stopped_at", ofChild: input, ago: seconds, in: service)
            }
            try await set("started_at", ofChild: "100", ago: 30, in: service)
            try await set("started_at", ofChild: "101", ago: 500, in: service)
            try await set("redriven_at", ofChild: "101", ago: 50, in: service)
            #expect(try await list.page().inputs == ["2", "0", "100", "3", "101", "1"])
            #expect(try await list.page(["statusFilter": "RUNNING"]).inputs == ["100", "101"])
            #expect(try await list.page(["statusFilter": "SUCCEEDED"]).inputs == ["2", "0", "3", "1"])

            let first = try await list.page(["maxResults": 2])
            #expect(first.inputs == ["2", "0"])
            // One that the pages to come would have had ends, and goes to the front.
            try await set("status = 'SUCCEEDED', stopped_at", ofChild: "101", ago: 0, in: service)
            let second = try await list.page(["maxResults": 2, "nextToken": try #require(first.token)])
            #expect(second.inputs == ["100", "3"])
            let third = try await list.page(["maxResults": 2, "nextToken": try #require(second.token)])
            #expect(third.inputs == ["1"])
            #expect(third.token == nil)
            #expect(try await list.page(["maxResults": 1]).inputs == ["101"])
        }
    }
}
