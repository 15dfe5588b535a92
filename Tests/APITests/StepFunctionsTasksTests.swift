import Engine
import Interpreter
import JSON
import StatesLanguage
import Store
import TestSupport
import Testing

@testable import API

@Suite("A Task that calls Step Functions", .database, .serialized)
struct StepFunctionsTasksTests {
    private static let pass =
        #"{"StartAt":"P","States":{"P":{"Type":"Pass","Result":{"Arg1":"argument1"},"End":true}}}"#
    private static let wait = #"{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":3600,"End":true}}}"#

    private func parent(_ resource: String, _ child: JSONValue, more: String = "", name: String = "") -> String {
        #"""
        {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::\#(resource)","Parameters":
        {"StateMachineArn":\#(child.text),"Input":{"a":1}\#(name)}\#(more),"End":true}}}
        """#
    }

    @Test("has the answer of the start as its result, with what was said of the call")
    func requestResponse() async throws {
        try await EngineRouter.run { service in
            let child = try await service.machine("Child", Self.wait)
            let arn = try await service.start(
                try await service.machine("Parent", parent("states:startExecution", child))
            )
            let output = try JSONValue(
                parsing: try await service.described(arn, as: "SUCCEEDED")["output"]?.string ?? ""
            )
            #expect(output.object?.keys == ["ExecutionArn", "SdkHttpMetadata", "SdkResponseMetadata", "StartDate"])
            let started = try await service.described(try #require(output["ExecutionArn"]), as: "RUNNING")
            #expect(started["input"]?.string == #"{"a":1}"#)
        }
    }

    @Test("waits for the child's end, and has its description, data as text or as JSON", arguments: [false, true])
    func sync(isStructured: Bool) async throws {
        try await EngineRouter.run { service in
            let child = try await service.machine("Child", Self.pass)
            let resource = "states:startExecution.sync" + (isStructured ? ":2" : "")
            let arn = try await service.start(try await service.machine("Parent", parent(resource, child)))
            let text = try await service.described(arn, as: "SUCCEEDED")["output"]?.string ?? ""
            let output = try JSONValue(parsing: text)
            #expect(output["Status"] == "SUCCEEDED")
            if isStructured {
                #expect(output["Output"] == ["Arg1": "argument1"])
                #expect(output["Input"] == ["a": 1])
            } else {
                #expect(output["Output"] == #"{"Arg1":"argument1"}"#)
                #expect(output["Input"] == #"{"a":1}"#)
            }
            #expect(output["StartDate"]?.int != nil)
            let types = try await service.events(arn).map { $0["type"]?.string ?? "" }
            #expect(types.contains("TaskSubmitted"))
            #expect(try await service.engine.store.ripeNestedExecutions(.all, limit: 10).isEmpty)
        }
    }

    @Test("fails with States.TaskFailed when the child fails, whose description is the cause")
    func childFails() async throws {
        try await EngineRouter.run { service in
            let child = try await service.machine(
                "Child",
                #"{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"E","Cause":"C"}}}"#
            )
            let machine = try await service.machine("Parent", parent("states:startExecution.sync", child))
            let failed = try await service.described(try await service.start(machine), as: "FAILED")
            #expect(failed["error"] == "States.TaskFailed")
            let cause = try JSONValue(parsing: failed["cause"]?.string ?? "")
            #expect(cause["Error"] == "E")
            #expect(cause["Cause"] == "C")
            #expect(cause["Status"] == "FAILED")
        }
    }

    @Test("stops the child when its own execution is stopped")
    func stopped() async throws {
        try await EngineRouter.run { service in
            let child = try await service.machine("Child", Self.wait)
            let name = #","Name":"the-child""#
            let machine = try await service.machine("Parent", parent("states:startExecution.sync", child, name: name))
            let arn = try await service.start(machine)
            let childARN = JSONValue.string("\(service.engine.settings.arns.execution("the-child", of: "Child"))")
            _ = try await service.described(childARN, as: "RUNNING")
            try await service.call("StopExecution", ["executionArn": arn])
            _ = try await service.described(childARN, as: "ABORTED")
        }
    }

    @Test("stops the child when it is out of time, or a sibling of it fails", arguments: [true, false])
    func over(isTimeout: Bool) async throws {
        try await EngineRouter.run { service in
            let child = try await service.machine("Child", Self.wait)
            let timeout = isTimeout ? #","TimeoutSeconds":1"# : ""
            let task = parent("states:startExecution.sync", child, more: timeout, name: #","Name":"the-child""#)
            let sibling = #"""
                {"StartAt":"W2","States":{"W2":{"Type":"Wait","Seconds":1,"Next":"F"},"F":{"Type":"Fail","Error":"Sibling"}}}
                """#
            let definition =
                isTimeout
                ? task
                : #"{"StartAt":"G","States":{"G":{"Type":"Parallel","Branches":[\#(task),\#(sibling)],"End":true}}}"#
            let arn = try await service.start(try await service.machine("Parent", definition))
            let failed = try await service.described(arn, as: "FAILED")
            #expect(failed["error"]?.string == (isTimeout ? "States.Timeout" : "Sibling"))
            let childARN = JSONValue.string("\(service.engine.settings.arns.execution("the-child", of: "Child"))")
            _ = try await service.described(childARN, as: "ABORTED")
        }
    }

    @Test("finds the execution that it started when it is performed again, also one that has ended meanwhile")
    func performedAgain() async throws {
        try await EngineRouter.run { service in
            let child = try await service.machine("Child", Self.pass)
            let resource = try #require(Resource(parsing: "arn:aws:states:::states:startExecution"))
            let attempt = TaskDriver.Attempt(
                request: TaskRequest(
                    state: "T",
                    resource: resource,
                    input: JSONText(["StateMachineArn": child])
                ),
                requestID: "00000000-0000-8000-8000-000000000001",
                execution: "arn"
            )
            func perform() async -> JSONValue? {
                guard case .succeeded(let result) = await service.tasks.driver.perform(attempt) else { return nil }
                return result.value["ExecutionArn"]
            }
            let first = try #require(await perform())
            _ = try await service.described(first, as: "SUCCEEDED")
            #expect(await perform() == first)
        }
    }

    @Test("is brought the child's end by the scheduler where the process that ended it did not bring it")
    func leftOver() async throws {
        try await EngineRouter.run { service in
            let child = try await service.machine("Child", Self.pass)
            let done = try await service.start(child, name: "done")
            _ = try await service.described(done, as: "SUCCEEDED")
            // A wait for a token stands in for the attempt: its link is made by hand, and nobody is told of it.
            let waiting = try await service.start(
                try await service.machine(
                    "Waiting",
                    #"""
                    {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.waitForTaskToken",
                    "Parameters":{"StateMachineArn":\#(child.text),"Input":{"token.$":"$$.Task.Token"},"Name":"asked"},"End":true}}}
                    """#
                )
            )
            let asked = JSONValue.string("\(service.engine.settings.arns.execution("asked", of: "Child"))")
            let input = try await service.described(asked, as: "SUCCEEDED")["input"]?.string ?? ""
            let token = try #require(TaskToken(try JSONValue(parsing: input)["token"]?.string ?? ""))
            let ended = try await service.service.execution(done.string ?? "")
            let link = NestedLink(parent: token.key, token: token.text, isStructured: true)
            try await service.engine.store.linkNested(link, to: ended.id)
            try await service.engine.settleNested(.all)
            let output = try await service.described(waiting, as: "SUCCEEDED")["output"]?.string ?? ""
            #expect(try JSONValue(parsing: output)["Name"] == "done")
        }
    }

    @Test("names errors and what was called as the SDK and the integration do")
    func errors() async throws {
        try await EngineRouter.run { service in
            let nowhere: JSONValue = "arn:aws:states:us-east-1:123456789012:stateMachine:Nowhere"
            for (resource, error, cause) in [
                (
                    "states:startExecution", "StepFunctions.StateMachineDoesNotExistException",
                    "(Service: AWSStepFunctions; "
                ),
                (
                    "aws-sdk:sfn:startExecution", "Sfn.StateMachineDoesNotExistException",
                    "(Service: Sfn, Status Code: 400, "
                ),
            ] {
                let name = resource.replacing(":", with: "-")
                let arn = try await service.start(try await service.machine(name, parent(resource, nowhere)))
                let failed = try await service.described(arn, as: "FAILED")
                #expect(failed["error"]?.string == error)
                #expect(failed["cause"]?.string?.contains(cause) == true)
            }
        }
    }

    @Test("takes and gives names in upper camel case and instants as text, and knows the action's members")
    func spelling() async throws {
        try await EngineRouter.run { service in
            let child = try await service.machine("Child", Self.pass)
            let task = { (resource: String, parameters: String) in
                #"""
                {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:sfn:\#(resource)",
                "Parameters":\#(parameters),"End":true}}}
                """#
            }
            let arn = try await service.start(
                try await service.machine(
                    "Describe",
                    task("describeStateMachine", #"{"StateMachineArn":\#(child.text)}"#)
                )
            )
            let text = try await service.described(arn, as: "SUCCEEDED")["output"]?.string ?? ""
            let output = try JSONValue(parsing: text)
            #expect(output["Name"] == "Child")
            #expect(output["LoggingConfiguration"]?["Level"] == "OFF")
            #expect(Timestamp(rfc3339: output["CreationDate"]?.string ?? "") != nil)

            let misfit = try await service.start(
                try await service.machine("Misfit", task("listStateMachines", #"{"Nope":1}"#))
            )
            let failed = try await service.described(misfit, as: "FAILED")
            #expect(failed["error"] == "States.Runtime")
            #expect(failed["cause"]?.string?.contains(#"The field "Nope" is not supported"#) == true)
        }
    }
}
