import Testing

@testable import Engine

@Suite("An ARN")
struct ARNTests {
    private let arns = ARNs(region: "eu-central-1", account: "111122223333")

    @Test("is written as AWS writes it, and read back as what it was")
    func roundTrip() throws {
        let machine = arns.stateMachine("Orders")
        #expect("\(machine)" == "arn:aws:states:eu-central-1:111122223333:stateMachine:Orders")
        #expect(try StateMachineARN(parsing: "\(machine)") == machine)

        let execution = arns.execution("größe-1", of: "Orders")
        #expect("\(execution)" == "arn:aws:states:eu-central-1:111122223333:execution:Orders:größe-1")
        #expect(try ExecutionARN(parsing: "\(execution)") == execution)
        #expect(execution.stateMachineARN == machine)

        let activity = arns.activity("approve")
        #expect(try ActivityARN(parsing: "\(activity)") == activity)

        let run = MapRunARN(scope: arns.scope, stateMachine: "Orders", label: "Lines", id: "0190")
        #expect("\(run)" == "arn:aws:states:eu-central-1:111122223333:mapRun:Orders/Lines:0190")
        #expect(try MapRunARN(parsing: "\(run)") == run)
        let unlabelled = "arn:aws:states:eu-central-1:111122223333:mapRun:Orders:0190"
        #expect(throws: ARNError.invalidPrefix(unlabelled)) { try MapRunARN(parsing: unlabelled) }
    }

    @Test(
        "of a version, an alias or a labelled machine keeps its parts",
        arguments: ["Orders:7", "Orders:live", "Orders/Lines", "Orders/Lines:7"]
    )
    func qualified(_ name: String) throws {
        let text = "arn:aws-cn:states:r:1:stateMachine:\(name)"
        let arn = try StateMachineARN(parsing: text)
        #expect(arn.name == "Orders")
        #expect((arn.qualifier != nil) == name.contains(":"))
        #expect((arn.label != nil) == name.contains("/"))
        #expect("\(arn)" == text)
        #expect(!arns.own(arn.scope))
    }

    @Test(
        "that is none says so (recorded)",
        arguments: [
            "not_a_valid_arn", "", ":", "arn:aws:states", "arn:aws:states:r:1:stateMachine",
            "arn:aws:states:r:1:stateMachine:", "arn:aws:lambda:r:1:function:f",
            "arn:aws:states:r:1:stateMachine:a:b:c",
            "arn:aws:states:r:1:stateMachine:/x", "arn:aws:states:r:1:stateMachine:a\0b",
            "arn::states:r:1:stateMachine:a",
        ]
    )
    func invalid(_ text: String) {
        #expect(throws: ARNError.invalidPrefix(text)) { try StateMachineARN(parsing: text) }
        #expect(ARNError.invalidPrefix(text).description == "Invalid ARN prefix: \(text)")
    }

    @Test("of another kind says which (recorded)")
    func wrongType() {
        let express = "arn:aws:states:r:1:express:Orders:a:b"
        #expect(throws: ARNError.wrongType("express")) { try ExecutionARN(parsing: express) }
        #expect(ARNError.wrongType("express").description == "Resource type not valid in this context: express")
        #expect(throws: ARNError.wrongType("execution")) {
            try StateMachineARN(parsing: "arn:aws:states:r:1:execution:a:b")
        }
    }
}
