import Engine
import JSON
import StatesLanguage
import Store
import TestSupport
import Testing

@testable import API

@Suite("RedriveExecution", .database, .serialized)
struct RedriveExecutionTests {
    /// Fails while the machine that it asks for is not there.
    private func asking(_ name: String, _ machine: String, next: String = #""End":true"#) -> String {
        #"""
        "\#(name)":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:sfn:describeStateMachine","Parameters":
        {"StateMachineArn":"arn:aws:states:us-east-1:123456789012:stateMachine:\#(machine)"},
        "ResultSelector":{"found.$":"$.Name"},\#(next)}
        """#
    }

    private static let pass = #"{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}"#

    @Test("goes on in the state that failed, says so in the history, and counts")
    func fromTheFailedState() async throws {
        try await EngineRouter.run { service in
            let definition =
                #"{"StartAt":"Before","States":{"Before":{"Type":"Pass","Next":"Ask"},\#(asking("Ask", "Late"))}}"#
            let arn = try await service.start(try await service.machine("M", definition))
            let failed = try await service.described(arn, as: "FAILED")
            #expect(failed["redriveStatus"] == "REDRIVABLE")
            #expect(failed["redriveStatusReason"] == nil)

            _ = try await service.machine("Late", Self.pass)
            let answer = try await service.call("RedriveExecution", ["executionArn": arn, "clientToken": "once"])
            let date = try #require(answer["redriveDate"])
            let done = try await service.described(arn, as: "SUCCEEDED")
            #expect(done["output"] == #"{"found":"Late"}"#)
            #expect(done["redriveCount"] == 1)
            #expect(done["redriveDate"] == date)
            #expect(done["error"] == nil)
            #expect(done["redriveStatusReason"] == "Execution is SUCCEEDED and cannot be redriven")

            let events = try await service.events(arn)
            let types = events.map { $0["type"]?.string ?? "" }
            #expect(types.filter { $0 == "PassStateEntered" || $0 == "TaskStateEntered" }.count == 2)
            let place = try #require(types.firstIndex(of: "ExecutionRedriven"))
            #expect(events[place]["executionRedrivenEventDetails"] == ["redriveCount": 1])
            #expect(types[place - 1] == "ExecutionFailed")
            #expect(types[(place + 1)...].first == "TaskScheduled")
            #expect(events[place + 1]["previousEventId"] == events[place]["id"])

            // The same client token again is the same request, although the execution has succeeded.
            let again = try await service.call("RedriveExecution", ["executionArn": arn, "clientToken": "once"])
            #expect(again["redriveDate"] == date)
            let other = try await service.call("RedriveExecution", ["executionArn": arn, "clientToken": "twice"])
            #expect(other["__type"]?.string?.hasSuffix("#ExecutionNotRedrivable") == true)
            #expect(other["message"] == "Execution is SUCCEEDED and cannot be redriven")
        }
    }

    @Test("runs only what failed or was aborted inside branches, and keeps what the others gave")
    func insideBranches() async throws {
        try await EngineRouter.run { service in
            let definition = #"""
                {"StartAt":"G","States":{"G":{"Type":"Parallel","End":true,"Branches":[
                {"StartAt":"Done","States":{"Done":{"Type":"Pass","Result":"kept","End":true}}},
                {"StartAt":"Slow","States":{"Slow":{"Type":"Wait","Seconds":1,"Next":"Ask"},\#(asking("Ask", "Late"))}},
                {"StartAt":"Slower","States":{"Slower":{"Type":"Wait","Seconds":2,"End":true}}}]}}}
                """#
            let arn = try await service.start(try await service.machine("M", definition), input: #"{"a":1}"#)
            _ = try await service.described(arn, as: "FAILED")
            _ = try await service.machine("Late", Self.pass)
            try await service.call("RedriveExecution", ["executionArn": arn])
            let done = try await service.described(arn, as: "SUCCEEDED")
            #expect(done["output"] == #"["kept",{"found":"Late"},{"a":1}]"#)
            let entered = try await service.events(arn).compactMap { $0["stateEnteredEventDetails"]?["name"]?.string }
            #expect(entered.sorted() == ["Ask", "Done", "G", "Slow", "Slower"])
        }
    }

    @Test("begins the iterations that had not begun, in their turn")
    func insideIterations() async throws {
        try await EngineRouter.run { service in
            let definition = #"""
                {"StartAt":"M","States":{"M":{"Type":"Map","MaxConcurrency":1,"End":true,"ItemProcessor":{"StartAt":"C","States":{
                "C":{"Type":"Choice","Choices":[{"Variable":"$","NumericEquals":2,"Next":"Ask"}],"Default":"P"},
                "P":{"Type":"Pass","End":true},\#(asking("Ask", "Late"))}}}}}
                """#
            let arn = try await service.start(try await service.machine("M", definition), input: "[1,2,3]")
            _ = try await service.described(arn, as: "FAILED")
            _ = try await service.machine("Late", Self.pass)
            try await service.call("RedriveExecution", ["executionArn": arn])
            let done = try await service.described(arn, as: "SUCCEEDED")
            #expect(done["output"] == #"[1,{"found":"Late"},3]"#)
            let types = try await service.events(arn).map { $0["type"]?.string ?? "" }
            #expect(types.filter { $0 == "MapIterationStarted" }.count == 3)
        }
    }

    @Test("has a stopped execution go on: a Wait waits again, and a Choice is made again")
    func stopped() async throws {
        try await EngineRouter.run { service in
            let definition = #"""
                {"StartAt":"W","States":{"W":{"Type":"Wait","SecondsPath":"$.seconds","Next":"C"},
                "C":{"Type":"Choice","Choices":[{"Variable":"$.seconds","IsNumeric":true,"Next":"P"}]},
                "P":{"Type":"Pass","Parameters":{"count.$":"$$.Execution.RedriveCount"},"End":true}}}
                """#
            let arn = try await service.start(try await service.machine("M", definition), input: #"{"seconds":2}"#)
            try await service.call("StopExecution", ["executionArn": arn])
            _ = try await service.described(arn, as: "ABORTED")
            try await service.call("RedriveExecution", ["executionArn": arn])
            #expect(try await service.described(arn, as: "SUCCEEDED")["output"] == #"{"count":1}"#)
        }
    }

    @Test("goes on with a corrected definition, unless the state is not there any more, or in another place")
    func corrected() async throws {
        try await EngineRouter.run { service in
            let machine = try await service.machine("M", #"{"StartAt":"A","States":{\#(asking("A", "Never"))}}"#)
            let arn = try await service.start(machine)
            _ = try await service.described(arn, as: "FAILED")
            func update(_ definition: String) async throws -> JSONValue {
                let answer = try await service.call(
                    "UpdateStateMachine",
                    ["stateMachineArn": machine, "definition": .string(definition)]
                )
                return try #require(answer["revisionId"])
            }
            for (definition, reason) in [
                (Self.pass, "There is no state 'A'"),
                (#"{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}"#, "The state 'A' is of another type"),
                (
                    #"{"StartAt":"G","States":{"G":{"Type":"Parallel","End":true,"Branches":[{"StartAt":"A","States":{\#(asking("A", "M"))}}]}}}"#,
                    "The state 'A' is in another place"
                ),
            ] {
                let revision = try await update(definition)
                let refused = try await service.call(
                    "RedriveExecution",
                    ["executionArn": arn, "revisionId": revision]
                )
                #expect(refused["message"]?.string == reason)
            }
            let revision = try await update(#"{"StartAt":"A","States":{\#(asking("A", "M"))}}"#)
            try await service.call("RedriveExecution", ["executionArn": arn, "revisionId": revision])
            #expect(try await service.described(arn, as: "SUCCEEDED")["output"] == #"{"found":"M"}"#)
        }
    }

    @Test("is refused while it runs, and for executions that there are not")
    func refusals() async throws {
        try await EngineRouter.run { service in
            let wait = #"{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":600,"End":true}}}"#
            let arn = try await service.start(try await service.machine("M", wait))
            let running = try await service.call("RedriveExecution", ["executionArn": arn])
            #expect(running["message"] == "Execution is RUNNING and cannot be redriven")
            let missing = try await service.call("RedriveExecution", ["executionArn": .string(Requests.execution)])
            #expect(missing["__type"]?.string?.hasSuffix("#ExecutionDoesNotExist") == true)
        }
    }
}
