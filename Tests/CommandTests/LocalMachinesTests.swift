import Engine
import Interpreter
import JSON
import StatesLanguage
import Testing

@testable import BraidCommand

@Suite("Executions that a run in memory starts")
struct LocalMachinesTests {
    private func machine(_ name: String, _ text: String) -> NamedDefinition {
        NamedDefinition(name: name, text: text, type: "STANDARD", source: name, unknown: [])
    }

    /// Runs a Task beside two machines; returns its output, or the error that it failed with.
    private func outcome(_ resource: String, _ child: String, more: String = "") async throws -> LocalExecution.Outcome
    {
        let arn = "arn:aws:states:us-east-1:123456789012:stateMachine:\(child)"
        let parent = #"""
            {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::\#(resource)","Parameters":
            {"StateMachineArn":"\#(arn)","Input":{"a":1,"token.$":"$$.Task.Token"}}\#(more),"End":true}}}
            """#
        let text = resource.hasSuffix("Token") ? parent : parent.replacing(#","token.$":"$$.Task.Token""#, with: "")
        let callBack = #"""
            {"StartAt":"S","States":{"S":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:sfn:sendTaskSuccess",
            "Parameters":{"TaskToken.$":"$.token","Output":{"called":"back"}},"End":true}}}
            """#
        let machines = LocalMachines(
            [
                machine("Pass", #"{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":600,"End":true}}}"#),
                machine("Fail", #"{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"E","Cause":"C"}}}"#),
                machine("CallBack", callBack),
            ],
            arns: ARNs(),
            skipsWaits: true,
            others: { _, _ in .failed(Failure(error: "Other", cause: nil)) }
        )
        let info = ExecutionInfo(
            id: "arn",
            name: "n",
            input: JSONText(.object([:])),
            roleARN: "r",
            startTime: .now,
            stateMachineID: "m",
            stateMachineName: "m"
        )
        var run = LocalRun(
            of: LocalExecution(of: try StateMachineDefinition(parsing: text), as: info),
            clock: { .now },
            perform: { await machines.perform($0, of: "arn") },
            awaitEnd: { await machines.end(of: $0) }
        )
        let outcome = await run.run()
        await machines.stop()
        return outcome
    }

    @Test("give their output to the Task that waits for them")
    func sync() async throws {
        guard case .succeeded(let output) = try await outcome("states:startExecution.sync:2", "Pass") else {
            return #expect(Bool(false), "it failed")
        }
        #expect(output.value["Output"] == ["a": 1])
        #expect(output.value["Status"] == "SUCCEEDED")
    }

    @Test("fail the Task with their description")
    func failure() async throws {
        guard case .failed(let failure) = try await outcome("states:startExecution.sync", "Fail") else {
            return #expect(Bool(false), "it did not fail")
        }
        #expect(failure.error == "States.TaskFailed")
        #expect(failure.cause?.contains(#""Error":"E""#) == true)
    }

    @Test("answer the Task that waits for its token")
    func callback() async throws {
        let outcome = try await outcome("states:startExecution.waitForTaskToken", "CallBack")
        #expect(outcome == .succeeded(JSONText(["called": "back"])))
    }

    @Test("are those of machines of the same file only")
    func unknown() async throws {
        guard case .failed(let failure) = try await outcome("states:startExecution", "Nowhere") else {
            return #expect(Bool(false), "it did not fail")
        }
        #expect(failure.error == "StepFunctions.StateMachineDoesNotExistException")
    }

    @Test("end when the Task that waits for them is out of time")
    func timeout() async throws {
        let waiting = try await outcome("states:startExecution.waitForTaskToken", "Pass", more: #","TimeoutSeconds":1"#)
        #expect(waiting == .failed(Failure(error: "States.Timeout", cause: nil)))
    }
}
