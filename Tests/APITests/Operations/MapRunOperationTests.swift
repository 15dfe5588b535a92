import JSON
import TestSupport
import Testing

@testable import API

@Suite("A map run, to clients", .database, .serialized)
struct MapRunOperationTests {
    /// Three Maps, one behind the other.
    private static let machine = """
        {"StartAt":"A","States":{\(map("A", #""Next":"B""#)),\(map("B", #""Next":"C""#)),\(map("C", #""End":true"#))}}
        """

    private static func map(_ name: String, _ next: String) -> String {
        #"""
        "\#(name)":{"Type":"Map","Label":"L\#(name)",\#(next),"ItemProcessor":{
        "ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},
        "StartAt":"\#(name)P","States":{"\#(name)P":{"Type":"Pass","End":true}}}}
        """#
    }

    @Test("is listed in front of those that began before it, page by page")
    func order() async throws {
        try await EngineRouter.run { service in
            let arn = try await service.start(try await service.machine("M", Self.machine), input: "[1]")
            _ = try await service.described(arn, as: "SUCCEEDED")
            var labels: [String] = []
            var token: JSONValue?
            repeat {
                var members: JSONObject = ["executionArn": arn, "maxResults": 2]
                members["nextToken"] = token
                let page = try await service.call("ListMapRuns", members)
                labels += (page["mapRuns"]?.array ?? []).compactMap { $0["stateMachineArn"]?.string?.suffix(2) }
                    .map { String($0) }
                token = page["nextToken"]
            } while token != nil
            #expect(labels == ["LC", "LB", "LA"])
        }
    }

    @Test("is not updated by a request that says nothing of it")
    func empty() {
        let arn = "arn:aws:states:us-east-1:123456789012:mapRun:M/L:00000000-0000-4000-8000-000000000000"
        let refusal = Requests.refusal(of: "UpdateMapRun", ["mapRunArn": .string(arn)])
        #expect(refusal?.name == "ValidationException")
        #expect(Requests.refusal(of: "UpdateMapRun", ["mapRunArn": .string(arn), "maxConcurrency": 0]) == nil)
    }
}
