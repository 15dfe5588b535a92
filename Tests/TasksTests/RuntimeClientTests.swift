import Foundation
import JSON
import Tasks
import Testing

/// AWS's own runtime interface client, as PyPI has it.
enum RuntimeClient {
    /// Where the client lies: installed once into the system's temporary directory, `nil` when that fails.
    static let folder: String? = {
        let folder = FileManager.default.temporaryDirectory.path + "/braid-test-awslambdaric"
        if FileManager.default.fileExists(atPath: folder + "/awslambdaric/__main__.py") { return folder }
        let own = folder + "-\(UUID().uuidString)"
        let pip = Process()
        pip.executableURL = URL(filePath: "/usr/bin/env")
        pip.arguments = ["python3", "-m", "pip", "install", "--quiet", "--target", own, "awslambdaric"]
        pip.standardOutput = nil
        pip.standardError = nil
        guard (try? pip.run()) != nil else { return nil }
        pip.waitUntilExit()
        guard pip.terminationStatus == 0 else { return nil }
        // Moved into place whole, so that another run finds all of it or nothing.
        try? FileManager.default.moveItem(atPath: own, toPath: folder)
        return folder
    }()
}

@Suite(
    "AWS's runtime interface client for Python",
    .enabled(if: RuntimeClient.folder != nil, "awslambdaric cannot be installed here")
)
struct RuntimeClientTests {
    @Test("runs a handler as it stands: results, bytes, large payloads, errors and failures to start")
    func handler() async throws {
        let folder = try #require(RuntimeClient.folder)
        let code = """
            def handler(event, context):
                if event == "raw": return b'"HelloWorld!"'
                if event == "fail": raise ValueError("Some exception was raised.")
                if event == "large": return "x" * 7000000
                return [event, context.aws_request_id, context.invoked_function_arn]
            """
        let file = """
            {"f": {"runtime": "command", "command": ["python3", "-m", "awslambdaric", "app.handler"],
                   "environment": {"PYTHONPATH": "\(folder)"}},
             "g": {"runtime": "command", "command": ["python3", "-m", "awslambdaric", "nowhere.handler"],
                   "environment": {"PYTHONPATH": "\(folder)"}}}
            """
        try await Functions.run(file, files: ["app.py": code]) { functions in
            let arn = "arn:aws:lambda:us-east-1:123456789012:function:f"
            #expect(await functions.invoke("f", ["é"]).value == [["é"], "request-1", .string(arn)])
            #expect(await functions.invoke("f", "raw").payload == #""HelloWorld!""#)
            let failure = await functions.invoke("f", "fail", id: "request-2")
            #expect(failure.error == "ValueError")
            #expect(
                failure.cause == #"{"errorMessage": "Some exception was raised.", "errorType": "ValueError", "#
                    + #""requestId": "request-2", "stackTrace": ["  File \"\#(functions.folder.path)/app.py\", line 3, "#
                    + #"in handler\n    if event == \"fail\": raise ValueError(\"Some exception was raised.\")\n"]}"#
            )
            #expect(await functions.invoke("f", "large").error == "Function.ResponseSizeTooLarge")
            let event = JSONValue.string(String(repeating: "y", count: 2_500_000))
            #expect(await functions.invoke("f", event).value?[0] == event)
            #expect(await functions.invoke("g").error == "Runtime.ImportModuleError")
        }
    }
}
