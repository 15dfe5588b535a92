import JSON
import TestSupport
import Testing

@testable import API

@Suite("A Task whose activity does not exist", .database)
struct MissingActivityTests {
    @Test("fails before it is scheduled (recorded: test_activity_task_on_deleted)")
    func fails() async throws {
        try await EngineRouter.run { service in
            let activity = "arn:aws:states:us-east-1:123456789012:activity:nope"
            let machine = try await service.machine(
                "M",
                #"{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"\#(activity)","End":true}}}"#
            )
            let arn = try await service.start(machine)
            let failed = try await service.described(arn, as: "FAILED")
            #expect(failed["error"] == "States.Runtime")
            #expect(
                failed["cause"]?.string
                    == "An error occurred while executing the state 'A' (entered at the event id #2). The activity \(activity) "
                    + "does not exist."
            )
            let types = try await service.events(arn).map { $0["type"]?.string ?? "" }
            #expect(types == ["ExecutionStarted", "TaskStateEntered", "ExecutionFailed"])
        }
    }
}
