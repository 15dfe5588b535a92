import Foundation
import JSON
import Tasks
import Testing

@Suite("A functions file")
struct FunctionsFileTests {
    @Test("gives its functions, with paths relative to its folder and what is not said filled in")
    func complete() throws {
        let folder = try TemporaryFolder(["handlers/images.py": "", "bin/x": ""])
        let file = try FunctionsFile(
            parsing: """
                {"functions": {
                  "resize-image": {"runtime": "python", "handler": "images.resize", "directory": "handlers",
                    "concurrency": 7, "timeoutSeconds": 30, "environment": {"A": "b"}, "onWorkerLoss": "fail"},
                  "tag": {"runtime": "node", "handler": "app.tag", "command": ["./bin/x", "-v"]},
                  "arn:aws:lambda:us-east-1:123456789012:function:charge": {"runtime": "command", "command": ["x", "y"]},
                  "remote": {"url": "http://127.0.0.1:1/f"}}}
                """,
            directory: folder.path
        )
        try #require(file.functions.map(\.reference.name) == ["resize-image", "tag", "charge", "remote"])
        let resize = file.functions[0]
        #expect(resize.implementation == .python(handler: "images.resize", interpreter: ["python3"]))
        #expect(resize.directory == folder.path + "/handlers")
        #expect(resize.concurrency == 7)
        #expect(resize.timeout == .seconds(30))
        #expect(resize.environment == ["A": "b"])
        #expect(resize.onWorkerLoss == .fail)
        #expect(
            file.functions[1].implementation == .node(handler: "app.tag", interpreter: [folder.path + "/bin/x", "-v"])
        )
        #expect(file.functions[1].directory == folder.path)
        #expect(file.functions[1].concurrency == 4)
        #expect(file.functions[1].timeout == .seconds(900))
        #expect(file.functions[1].onWorkerLoss == .retry)
        #expect(file.functions[2].implementation == .command(["x", "y"], handler: ""))
        #expect(file.functions[3].implementation == .url("http://127.0.0.1:1/f"))
        #expect(file.functions[3].concurrency == 100)
    }

    @Test("tells all that is wrong at once, each with its place")
    func problems() throws {
        let text = """
            {"functions": {
              "a b": {"runtime": "python", "handler": "x.y"},
              "b": {"runtime": "ruby"},
              "c": {"runtime": "node"},
              "d": {"runtime": "python", "handler": "nodot"},
              "e": {"runtime": "command"},
              "f": {"runtime": "command", "command": [], "concurency": 4},
              "g": {"url": "ftp://x", "handler": "a.b"},
              "h": {"url": "http://x", "concurrency": 1.5, "timeoutSeconds": 0, "onWorkerLoss": "wait"},
              "i": {"runtime": "command", "command": ["x", 1], "environment": {"A=": "1", "B": 2}, "directory": "nowhere"},
              "j": [], "k": {}}, "version": 1}
            """
        let error = #expect(throws: FunctionsFileError.self) { try FunctionsFile(parsing: text, directory: "/tmp") }
        guard case .invalid(let problems) = error else {
            Issue.record("not invalid: \(String(describing: error))")
            return
        }
        let keys = "runtime, handler, directory, command, url, concurrency, timeoutSeconds, environment, onWorkerLoss"
        #expect(
            problems.map(\.description) == [
                "/version: 'version' is not one of functions",
                "/functions/a b: 'a b' is neither a function's name nor its ARN",
                "/functions/b/runtime: 'ruby' is not one of python, node, command",
                "/functions/c: 'handler' is needed, such as \"app.handler\"",
                "/functions/d/handler: must be of the form file.function, such as \"app.handler\"",
                "/functions/e: 'command' is needed, such as [\"./bin/function\"]",
                "/functions/f/concurency: 'concurency' is not one of \(keys)",
                "/functions/f/command: must be an array of at least one string",
                "/functions/g/handler: a function has either 'url' or 'handler'",
                "/functions/g/url: must begin with http:// or https://",
                "/functions/h/concurrency: must be a whole number",
                "/functions/h/timeoutSeconds: must be a number from 0.001 to 86400",
                "/functions/h/onWorkerLoss: 'wait' is not one of retry, fail",
                "/functions/i/directory: there is no folder /tmp/nowhere",
                "/functions/i/command/1: must be a string",
                "/functions/i/environment/A=: 'A=' cannot name a variable",
                "/functions/i/environment/B: must be a string",
                "/functions/j: must be an object",
                "/functions/k: either 'runtime' or 'url' is needed",
            ]
        )
    }

    @Test("that is missing, or no JSON, or says a name twice, is refused in a sentence")
    func refused() throws {
        let missing = #expect(throws: FunctionsFileError.self) { try FunctionsFile(path: "/nowhere/functions.json") }
        #expect(missing?.description == "cannot read the functions file /nowhere/functions.json: there is no such file")
        let broken = #expect(throws: FunctionsFileError.self) { try FunctionsFile(parsing: "{", directory: "/") }
        #expect(broken?.description.hasPrefix("the functions file is not JSON: ") == true)
        #expect(throws: FunctionsFileError.self) {
            try FunctionsFile(
                parsing: #"{"functions": {"a": {"url": "http://x"}, "a": {"url": "http://y"}}}"#,
                directory: "/"
            )
        }
        let list = #expect(throws: FunctionsFileError.self) { try FunctionsFile(parsing: "[]", directory: "/") }
        #expect(list?.description == "the functions file is not valid: /: must be an object")
    }

    @Test("that is a folder is refused in a sentence")
    func isFolder() {
        let error = #expect(throws: FunctionsFileError.self) { try FunctionsFile(path: "/tmp") }
        #expect(error?.description == "cannot read the functions file /tmp: it is a folder, not a file")
    }

    @Test("tells what code its functions lack")
    func missingCode() throws {
        let folder = try TemporaryFolder(["app.py": "", "pkg/__init__.py": "", "web.mjs": "", "lib/x.js": ""])
        let text = """
            {"functions": {
              "a": {"runtime": "python", "handler": "app.f"}, "b": {"runtime": "python", "handler": "pkg.f"},
              "c": {"runtime": "python", "handler": "nosuch.greet"},
              "d": {"runtime": "node", "handler": "web.f", "command": ["sh"]},
              "e": {"runtime": "node", "handler": "lib/x.y.z", "command": ["sh"]},
              "f": {"runtime": "node", "handler": "no.f", "command": ["sh"]},
              "g": {"runtime": "command", "command": ["sh"]}, "h": {"runtime": "command", "command": ["./run"]},
              "i": {"url": "http://x"}}}
            """
        let file = try FunctionsFile(parsing: text, directory: folder.path)
        let missing = file.functions.compactMap { function in
            function.missingCode.map { "\(function.reference): \($0)" }
        }
        let place = file.functions[0].directory
        #expect(
            missing == [
                "c: the handler 'nosuch.greet' needs a file \(place)/nosuch.py, which is not there, or a module that is"
                    + " installed",
                "f: the handler 'no.f' needs a file \(place)/no.js, which is not there",
                "h: there is no program \(place)/run that can be run",
            ]
        )
    }

    struct Name: Sendable, CustomTestStringConvertible {
        let text: String
        let name: String
        let qualifier: String?
        var testDescription: String { text }
    }

    static let names = [
        Name(text: "f", name: "f", qualifier: nil),
        Name(text: "f:prod", name: "f", qualifier: "prod"),
        Name(text: "function:f", name: "f", qualifier: nil),
        Name(text: "123456789012:function:f:1", name: "f", qualifier: "1"),
        Name(text: "arn:aws:lambda:eu-west-1:123456789012:function:f", name: "f", qualifier: nil),
        Name(text: "arn:aws:lambda:eu-west-1:123456789012:function:f:$LATEST", name: "f", qualifier: "$LATEST"),
        Name(text: "function", name: "function", qualifier: nil),
        Name(text: "", name: "", qualifier: nil),
    ]

    @Test("names functions as Lambda does", arguments: names)
    func reference(_ row: Name) {
        let reference = FunctionReference(row.text)
        #expect(reference.name == row.name)
        #expect(reference.qualifier == row.qualifier)
    }
}
