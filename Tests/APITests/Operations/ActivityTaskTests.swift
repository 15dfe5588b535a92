import JSON
import TestSupport
import Testing

@testable import API

@Suite("Tasks of an activity that many poll for", .database)
struct ActivityTaskTests {
    @Test("are given to one of them each")
    func given() async throws {
        try await EngineRouter.run { service in
            let created = try await service.call("CreateActivity", ["name": "approve"])
            let activity = try #require(created["activityArn"])
            let machine = try await service.machine(
                "M",
                #"{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"\#(activity.string ?? "")","End":true}}}"#
            )
            async let polled = withThrowingTaskGroup(of: JSONObject.self) { group in
                for _ in 0..<20 {
                    group.addTask { try await service.call("GetActivityTask", ["activityArn": activity]) }
                }
                return try await group.reduce(into: [JSONObject]()) { $0.append($1) }
            }
            var executions: [JSONValue] = []
            for number in 0..<20 { executions.append(try await service.start(machine, input: "\(number)")) }

            let tasks = try await polled
            #expect(Set(tasks.compactMap { $0["input"]?.string }) == Set((0..<20).map(String.init)))
            let tokens = tasks.compactMap { $0["taskToken"] }
            #expect(Set(tokens).count == 20)
            for (token, task) in zip(tokens, tasks) {
                try await service.call("SendTaskSuccess", ["taskToken": token, "output": task["input"] ?? "null"])
            }
            for (number, execution) in executions.enumerated() {
                let ended = try await service.described(execution, as: "SUCCEEDED")
                #expect(ended["output"]?.string == "\(number)")
            }
        }
    }
}
