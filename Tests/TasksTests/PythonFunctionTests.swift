import JSON
import Tasks
import Testing

@Suite("A Python handler", .serialized)
struct PythonFunctionTests {
    static let f = #"{"f": {"runtime": "python", "handler": "app.handler"}}"#

    @Test("gets its event and Lambda's context, and its result is the payload to the letter")
    func context() async throws {
        let code = """
            import os
            def handler(event, context):
                return {"é": event["x"], "id": context.aws_request_id, "arn": context.invoked_function_arn,
                        "name": context.function_name, "version": context.function_version,
                        "memory": context.memory_limit_in_mb, "group": context.log_group_name,
                        "left": 800000 < context.get_remaining_time_in_millis() <= 900000,
                        "region": os.environ["AWS_REGION"], "root": os.environ["LAMBDA_TASK_ROOT"] == os.getcwd(),
                        "handler": os.environ["_HANDLER"]}
            """
        try await Functions.run(Self.f, files: ["app.py": code]) { functions in
            let outcome = await functions.invoke("f", ["x": [1, "😀"]])
            #expect(
                outcome.payload
                    == #"{"é": [1, "😀"], "id": "request-1", "#
                    + #""arn": "arn:aws:lambda:us-east-1:123456789012:function:f", "name": "f", "version": "$LATEST", "#
                    + #""memory": "1024", "group": "/aws/lambda/f", "left": true, "region": "us-east-1", "root": true, "#
                    + #""handler": "app.handler"}"#
            )
        }
    }

    @Test("that raises fails with the exception's name and what Lambda's runtime would say")
    func raises() async throws {
        let code = """
            class CustomException(Exception):
                def __init__(self):
                    self.message = "unseen"
            def inner():
                raise CustomException()
            def handler(event, context):
                inner()
            """
        try await Functions.run(Self.f, files: ["app.py": code]) { functions in
            let outcome = await functions.invoke()
            let path = functions.folder.path
            #expect(outcome.error == "CustomException")
            #expect(
                outcome.cause
                    == #"{"errorMessage": "", "errorType": "CustomException", "requestId": "request-1", "stackTrace": ["#
                    + #""  File \"\#(path)/app.py\", line 7, in handler\n    inner()\n", "#
                    + #""  File \"\#(path)/app.py\", line 5, in inner\n    raise CustomException()\n"]}"#
            )
            // The process lives on.
            #expect(await functions.invoke().error == "CustomException")
        }
    }

    struct Broken: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var code = ""
        var handler = "app.handler"
        let error: String
        let message: String
    }

    static let broken = [
        Broken(
            testDescription: "its module is missing",
            handler: "nowhere.handler",
            error: "Runtime.ImportModuleError",
            message: "Unable to import module 'nowhere': No module named 'nowhere'"
        ),
        Broken(
            testDescription: "its module imports what is missing",
            code: "import nothing_of_that_name",
            error: "Runtime.ImportModuleError",
            message: "Unable to import module 'app': No module named 'nothing_of_that_name'"
        ),
        Broken(
            testDescription: "its function is missing",
            error: "Runtime.HandlerNotFound",
            message: "Handler 'handler' missing on module 'app'"
        ),
        Broken(
            testDescription: "its module is no Python",
            code: "def f(:",
            error: "Runtime.UserCodeSyntaxError",
            message: "Syntax error in module 'app': invalid syntax (app.py, line 1)"
        ),
        Broken(
            testDescription: "its module raises",
            code: "raise ValueError('no')",
            error: "ValueError",
            message: "no"
        ),
        Broken(
            testDescription: "its result is no JSON",
            code: "def handler(e, c): return object()",
            error: "Runtime.MarshalError",
            message: "Unable to marshal response: Object of type object is not JSON serializable"
        ),
        Broken(
            testDescription: "its bytes are no JSON",
            code: "def handler(e, c): return b'oops'",
            error: "Lambda.Unknown",
            message: "The function's result is not valid JSON: "
        ),
    ]

    @Test("fails when", arguments: broken)
    func fails(_ row: Broken) async throws {
        let file = #"{"f": {"runtime": "python", "handler": "\#(row.handler)"}}"#
        try await Functions.run(file, files: ["app.py": row.code]) { functions in
            let outcome = await functions.invoke()
            #expect(outcome.error == row.error)
            let payload = try JSONValue(parsing: outcome.cause ?? "")
            #expect(payload["errorMessage"]?.string?.hasPrefix(row.message) == true)
        }
    }

    @Test("passes bytes on raw, and numbers beyond a double's reach")
    func raw() async throws {
        let code = """
            from decimal import Decimal
            def handler(event, context):
                return b'  "HelloWorld!"' if event.get("raw") else [10**30, Decimal("1.5"), Decimal(3)]
            """
        try await Functions.run(Self.f, files: ["app.py": code]) { functions in
            #expect(await functions.invoke("f", ["raw": true]).value == "HelloWorld!")
            #expect(await functions.invoke().payload == "[1000000000000000000000000000000, 1.5, 3]")
        }
    }

    @Test("may answer up to six megabytes, and no more")
    func large() async throws {
        let code = "def handler(event, context): return 'x' * event['count']"
        try await Functions.run(Self.f, files: ["app.py": code]) { functions in
            #expect(await functions.invoke("f", ["count": 6_000_000]).payload?.utf8.count == 6_000_002)
            let outcome = await functions.invoke("f", ["count": 7_000_000])
            #expect(outcome.error == "Function.ResponseSizeTooLarge")
            #expect(
                outcome.cause
                    == #"{"errorType":"Function.ResponseSizeTooLarge","errorMessage":"Response payload size (7000002 bytes) "#
                    + #"exceeded maximum allowed payload size (6291556 bytes)."}"#
            )
            let event = JSONValue.object(["count": 1, "more": .string(String(repeating: "y", count: 6_000_000))])
            #expect(await functions.invoke("f", event).payload == #""x""#)
        }
    }

    @Test("has its output in the log, under its name")
    func output() async throws {
        let code = """
            import sys
            def handler(event, context):
                print("out é")
                print("err", file=sys.stderr)
                sys.stdout.write("no end")
            """
        try await Functions.run(Self.f, files: ["app.py": code]) { functions in
            #expect(await functions.invoke().payload == "null")
            try await expectEventually {
                let messages = functions.messages
                return messages.contains("f: out é") && messages.contains("f: err")
            }
        }
    }
}
