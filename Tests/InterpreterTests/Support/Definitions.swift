import Interpreter
import JSON
import StatesLanguage

/// Definitions as short as tests want them.
enum Definitions {
    /// A machine of states given as JSON, starting at the first.
    static func machine(_ startAt: String, _ states: String) throws -> StateMachineDefinition {
        try StateMachineDefinition(parsing: #"{"StartAt": "\#(startAt)", "States": {\#(states)}}"#)
    }

    /// A machine of one Task `T`, with more of its fields, which goes on to a Pass `Next`; `Caught` is another.
    static func task(_ fields: String = "", resource: String = function) throws -> StateMachineDefinition {
        try machine(
            "T",
            #"""
            "T": {"Type": "Task", "Resource": "\#(resource)"\#(fields), "Next": "Next"},
            "Next": {"Type": "Pass", "End": true}, "Caught": {"Type": "Pass", "End": true}
            """#
        )
    }

    /// The same without `Caught`, which nothing would lead to.
    static func plainTask(_ fields: String = "", resource: String = function) throws -> StateMachineDefinition {
        try machine(
            "T",
            #"""
            "T": {"Type": "Task", "Resource": "\#(resource)"\#(fields), "Next": "Next"},
            "Next": {"Type": "Pass", "End": true}
            """#
        )
    }

    static let function = "arn:aws:lambda:us-east-1:111111111111:function:f"
    static let activity = "arn:aws:states:us-east-1:111111111111:activity:a"
    static let callback = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
}

/// An execution for tests that call the interpreter itself.
enum Executions {
    static func info(input: JSONText = "{}") -> ExecutionInfo {
        ExecutionInfo(
            id: "arn:aws:states:us-east-1:111111111111:execution:machine:execution",
            name: "execution",
            input: input,
            roleARN: "arn:aws:iam::111111111111:role/r",
            startTime: VirtualRun.start,
            stateMachineID: "arn:aws:states:us-east-1:111111111111:stateMachine:machine",
            stateMachineName: "machine"
        )
    }
}
