import StatesLanguage
import Testing

@Suite("A Resource")
struct ResourceTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let text: String
        let kind: Resource.Kind?
        var events: Resource.EventKind?
        var testDescription: String { text }

        init(_ text: String, _ kind: Resource.Kind?, _ events: Resource.EventKind? = nil) {
            self.text = text
            self.kind = kind
            self.events = events
        }

        init(_ text: String, _ service: ServiceIntegration, _ resourceType: String, _ resource: String) {
            self.init(text, .service(service), .task(resourceType: resourceType, resource: resource))
        }
    }

    static let rows = [
        Row("arn:aws:lambda:us-east-1:123456789012:function:f", .function(LambdaFunction(name: "f")), .lambdaFunction),
        Row(
            "arn:aws:lambda:us-east-1:1:function:f:prod",
            .function(LambdaFunction(name: "f", qualifier: "prod")),
            .lambdaFunction
        ),
        Row("arn:aws:lambda:::function:f", .function(LambdaFunction(name: "f")), .lambdaFunction),
        Row("arn:aws-cn:states:cn-north-1:1:activity:a", .activity(name: "a"), .activity),
        Row("arn:aws:states:::lambda:invoke", .init(service: "lambda", action: "invoke"), "lambda", "invoke"),
        Row(
            "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            .init(service: "sqs", action: "sendMessage", pattern: .waitForTaskToken),
            "sqs",
            "sendMessage.waitForTaskToken"
        ),
        Row(
            "arn:aws:states:::states:startExecution.sync",
            .init(service: "states", action: "startExecution", pattern: .sync),
            "states",
            "startExecution.sync"
        ),
        Row(
            "arn:aws:states:::states:startExecution.sync:2",
            .init(service: "states", action: "startExecution", pattern: .sync2),
            "states",
            "startExecution.sync:2"
        ),
        Row(
            "arn:aws:states:::aws-sdk:secretsmanager:getSecretValue",
            .init(service: "secretsmanager", action: "getSecretValue", isSDK: true),
            "aws-sdk:secretsmanager",
            "getSecretValue"
        ),
        Row(
            "arn:aws:states:us-east-1:776177632559:aws-sdk:s3:getObject",
            .init(service: "s3", action: "getObject", isSDK: true),
            "aws-sdk:s3",
            "getObject"
        ),
        Row("arn:aws:states:::http:invoke", .init(service: "http", action: "invoke"), "http", "invoke"),
        Row("arn:aws:lambda:us-east-1:1:function:", nil),
        Row("arn:aws:lambda:us-east-1:1:function:f:g:h", nil),
        Row("arn:aws:s3:::bucket", nil),
        Row("arn:aws:states:::lambda", nil),
        Row("arn:aws:states:::sqs:send message", nil),
        Row("MyFunction", nil),
        Row("", nil),
        Row("arn:::::", nil),
    ]

    @Test("is taken apart", arguments: rows)
    func parsing(_ row: Row) {
        let resource = Resource(parsing: row.text)
        #expect(resource?.kind == row.kind)
        #expect(resource?.eventKind == row.events)
        #expect(resource == nil || resource?.text == row.text)
        if let resource, !row.text.contains(":startExecution") { #expect(resource.lane == row.text) }
    }

    @Test("that calls Step Functions itself is in one lane, whatever its action and pattern")
    func ownLane() {
        for text in ["states:startExecution", "states:startExecution.sync:2", "aws-sdk:sfn:sendTaskSuccess"] {
            #expect(Resource(parsing: "arn:aws:states:::\(text)")?.lane == Resource.stepFunctionsLane)
        }
    }

    @Test("that invokes a function of a fixed name is served by whoever serves that function")
    func lane() {
        let invoke = "arn:aws:states:::lambda:invoke"
        #expect(Resource(parsing: invoke, functionName: "f")?.lane == "f")
        #expect(Resource(parsing: invoke + ".waitForTaskToken", functionName: "f")?.lane == "f")
        #expect(
            Resource(parsing: "arn:aws:states:::sqs:sendMessage", functionName: "f")?.lane
                == "arn:aws:states:::sqs:sendMessage"
        )
    }
}
