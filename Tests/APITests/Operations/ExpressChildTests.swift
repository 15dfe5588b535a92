import Engine
import JSON
import Store
import TestSupport
import Testing

@testable import API

@Suite("A child of a map run that ran in memory", .database, .serialized)
struct ExpressChildTests {
    /// Its children fail if they are given a 2.
    private static func machine(_ fields: String) -> String {
        #"""
        {"StartAt":"M","States":{"M":{"Type":"Map","Label":"L","ToleratedFailurePercentage":100,\#(fields)"End":true,
        "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},"StartAt":"C","States":{
        "C":{"Type":"Choice","Choices":[{"Variable":"$","NumericEquals":2,"Next":"F"}],"Default":"P"},
        "F":{"Type":"Fail","Error":"Two","Cause":"[\"S\",2]"},
        "P":{"Type":"Pass","Parameters":{"n.$":"$"},"End":true}}}}}}
        """#
    }

    /// Runs the body with a map run of four children that has succeeded.
    private func withRun(
        _ fields: String = "",
        _ body: @escaping @Sendable (_ service: EngineRouter, _ run: JSONValue) async throws -> Void
    ) async throws {
        try await EngineRouter.run { service in
            let arn = try await service.start(
                try await service.machine("M", Self.machine(fields)),
                input: "[0,1,2,3]"
            )
            _ = try await service.described(arn, as: "SUCCEEDED")
            let runs = try await service.call("ListMapRuns", ["executionArn": arn])
            try await body(service, try #require(runs["mapRuns"]?[0]?["mapRunArn"]))
        }
    }

    private func list(_ service: EngineRouter, _ members: JSONObject) async throws -> (JSONObject, [JSONValue]) {
        let answer = try await service.call("ListExecutions", members)
        return (answer, answer["executions"]?.array ?? [])
    }

    @Test("is listed by its run, page by page, and by how it ended")
    func listed() async throws {
        try await withRun { service, run in
            let (first, some) = try await list(service, ["mapRunArn": run, "maxResults": 3])
            let token = try #require(first["nextToken"])
            let (last, rest) = try await list(service, ["mapRunArn": run, "maxResults": 3, "nextToken": token])
            #expect(last["nextToken"] == nil)
            let all = some + rest
            #expect(all.map { $0["status"] } == ["SUCCEEDED", "FAILED", "SUCCEEDED", "SUCCEEDED"])
            #expect(
                all[0].object?.keys.sorted() == [
                    "executionArn", "itemCount", "mapRunArn", "name", "redriveCount", "startDate", "stateMachineArn",
                    "status", "stopDate",
                ]
            )
            #expect(all.allSatisfy { $0["mapRunArn"] == run && $0["itemCount"] == 1 && $0["redriveCount"] == 0 })
            #expect(try await list(service, ["mapRunArn": run, "statusFilter": "FAILED"]).1 == [all[1]])
            #expect(
                try await list(service, ["mapRunArn": run, "statusFilter": "SUCCEEDED"]).1 == [all[0], all[2], all[3]]
            )
            for filter in ["RUNNING", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"] {
                #expect(try await list(service, ["mapRunArn": run, "statusFilter": .string(filter)]).1.isEmpty)
            }
            #expect(try await list(service, ["mapRunArn": run, "redriveFilter": "NOT_REDRIVEN"]).1 == all)
            #expect(try await list(service, ["mapRunArn": run, "redriveFilter": "REDRIVEN"]).1.isEmpty)
        }
    }

    @Test("is described by its ARN, as far as was kept of it, and has no history")
    func described() async throws {
        try await withRun { service, run in
            let children = try await list(service, ["mapRunArn": run]).1
            let failed = try await service.call(
                "DescribeExecution",
                ["executionArn": children[1]["executionArn"] ?? .null]
            )
            #expect(failed["status"] == "FAILED")
            #expect(failed["error"] == "Two")
            #expect(failed["cause"] == #"["S",2]"#)
            #expect(failed["input"] == "2")
            #expect(failed["inputDetails"] == ["included": true])
            #expect(failed["output"] == nil)
            #expect(failed["redriveStatus"] == "REDRIVABLE_BY_MAP_RUN")
            #expect(failed["redriveStatusReason"] == nil)
            for member in ["executionArn", "stateMachineArn", "mapRunArn", "name", "startDate", "stopDate"] {
                #expect(failed[member] == children[1][member], "\(member)")
            }

            let arn = try #require(children[0]["executionArn"])
            let succeeded = try await service.call("DescribeExecution", ["executionArn": arn])
            #expect(succeeded["output"] == #"{"n":3}"#)
            #expect(succeeded["outputDetails"] == ["included": true])
            #expect(succeeded["input"] == nil)
            #expect(succeeded["inputDetails"] == ["included": false])
            #expect(succeeded["redriveStatus"] == "NOT_REDRIVABLE")
            #expect(succeeded["redriveStatusReason"] == "Execution is SUCCEEDED and cannot be redriven")
            let metadata = try await service.call(
                "DescribeExecution",
                ["executionArn": arn, "includedData": "METADATA_ONLY"]
            )
            #expect(metadata["output"] == nil)
            #expect(metadata["outputDetails"] == ["included": false])

            let history = try await service.call("GetExecutionHistory", ["executionArn": arn])
            #expect(history["__type"]?.string?.hasSuffix("#InvalidArn") == true)
        }
    }

    @Test("that does not exist is said not to")
    func missing() async throws {
        try await withRun { service, run in
            let arn = try #require(try await list(service, ["mapRunArn": run]).1.first?["executionArn"]?.string)
            let parsed = try ExpressARN(parsing: arn)
            let id = try #require(MapRunID(parsed.id))
            let began = Int64(try #require(ExecutionID(parsed.name)).high >> 16)
            var unknown = parsed
            unknown.name = "\(id.child(4, began: began))"
            var other = parsed
            other.label = "K"
            var nameless = parsed
            nameless.name = "first"
            for arn in [unknown, other, nameless] {
                let answer = try await service.call("DescribeExecution", ["executionArn": .string("\(arn)")])
                #expect(answer["__type"]?.string?.hasSuffix("#ExecutionDoesNotExist") == true, "\(arn)")
            }
            var unlabelled = parsed
            unlabelled.label = nil
            let answer = try await service.call("DescribeExecution", ["executionArn": .string("\(unlabelled)")])
            #expect(answer["__type"]?.string?.hasSuffix("#InvalidArn") == true)
        }
    }

    @Test("was given as many items as its input has, where that was kept")
    func batches() async throws {
        try await withRun(#""ItemBatcher":{"MaxItemsPerBatch":3},"ResultPath":null,"#) { service, run in
            let children = try await list(service, ["mapRunArn": run]).1
            #expect(children.count == 2)
            // Their inputs, objects, are compared with a number in vain: both succeed, and keep no input.
            #expect(children.allSatisfy { $0["itemCount"] == nil && $0["status"] == "SUCCEEDED" })
        }
    }
}
