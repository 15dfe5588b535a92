import Foundation
import JSON
import Tasks
import Telemetry
import Testing

@Suite("A supervised function", .serialized)
struct FunctionSupervisorTests {
    static func python(_ more: String = "") -> String {
        #"{"f": {"runtime": "python", "handler": "app.handler"\#(more)}}"#
    }

    @Test("keeps its process for the next invocation, and has as many as its concurrency")
    func concurrency() async throws {
        let code = """
            import os, time
            def handler(event, context):
                open(event["mine"], "w").close()
                while not os.path.exists(event["other"]): time.sleep(0.005)
                return os.getpid()
            """
        let file = Self.python(#", "concurrency": 2"#)
        try await Functions.run(file, files: ["app.py": code]) { functions in
            #expect(functions.invoker.freePlaces(for: "f") == 2)
            async let first = functions.invoke("f", ["mine": "a", "other": "b"])
            async let second = functions.invoke("f", ["mine": "b", "other": "c"])
            try await expectEventually {
                functions.folder.read("a") != nil && functions.folder.read("b") != nil
                    && functions.invoker.freePlaces(for: "f") == 1
            }
            // There are two places: with one taken, a third and fourth invocation share the other.
            async let third = functions.invoke("f", ["mine": "d", "other": "c"])
            try functions.folder.write("", to: "c")
            let processes = await Set([first, second, third].map(\.payload))
            #expect(processes.count == 2)
            #expect(functions.invoker.freePlaces(for: "f") == 2)
        }
    }

    struct Exit: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let code: String
        let message: String
    }

    static let exits = [
        Exit(
            testDescription: "with a status",
            code: "os._exit(3)",
            message: "RequestId: request-1 Error: Runtime exited with error: exit status 3"
        ),
        Exit(
            testDescription: "with nothing to say",
            code: "os._exit(0)",
            message: "RequestId: request-1 Error: Runtime exited without providing a reason"
        ),
        Exit(
            testDescription: "by a signal",
            code: "os.kill(os.getpid(), 9)",
            message: "RequestId: request-1 Error: Runtime exited with error: signal: killed"
        ),
    ]

    @Test("whose process ends in an invocation fails it as Lambda does, and is started again", arguments: exits)
    func ends(_ row: Exit) async throws {
        let code = """
            import os
            def handler(event, context):
                if event: \(row.code)
                return "alive"
            """
        try await Functions.run(Self.python(), files: ["app.py": code]) { functions in
            let outcome = await functions.invoke("f", ["die": true])
            #expect(
                outcome
                    == .failure(
                        error: "Runtime.ExitError",
                        cause: #"{"errorType":"Runtime.ExitError","errorMessage":"\#(row.message)"}"#
                    )
            )
            #expect(await functions.invoke().payload == #""alive""#)
        }
    }

    @Test("whose idle process dies does not fail the next invocation")
    func diesIdle() async throws {
        let code = """
            import os, threading
            def handler(event, context):
                if event: threading.Timer(event["after"], lambda: os._exit(1)).start()
                return os.getpid()
            """
        try await Functions.run(Self.python(), files: ["app.py": code]) { functions in
            let process = try #require(await functions.invoke("f", ["after": 0.1]).value?.int)
            try await expectEventually { functions.messages.contains("a function's process ended") }
            let next = try #require(await functions.invoke("f", [:]).value?.int)
            #expect(next != process)
        }
    }

    @Test("waits longer and longer before it starts what keeps ending")
    func backoff() async throws {
        let file = #"{"f": {"runtime": "command", "command": ["sh", "-c", "exit 7"]}}"#
        try await Functions.run(file, files: [:]) { functions in
            let start = ContinuousClock.now
            for _ in 0..<4 { #expect(await functions.invoke().error == "Runtime.ExitError") }
            // A tenth of a second, two, four.
            #expect(ContinuousClock.now - start > .milliseconds(690))
            #expect(functions.messages.contains("a function's processes keep ending"))
        }
    }

    @Test("that takes too long is killed with all it started, and fails with Lambda's words")
    func timeout() async throws {
        let code = """
            import os, subprocess, time
            def handler(event, context):
                if not event: return "alive"
                child = subprocess.Popen(["sleep", "600"])
                open("pids.tmp", "w").write(f"{os.getpid()} {child.pid}")
                os.rename("pids.tmp", "pids")
                time.sleep(600)
            """
        try await Functions.run(Self.python(#", "timeoutSeconds": 3.5"#), files: ["app.py": code]) { functions in
            #expect(await functions.invoke().payload == #""alive""#)
            let outcome = await functions.invoke("f", ["x": 1])
            let message = "RequestId: request-1 Error: Task timed out after 3.50 seconds"
            #expect(
                outcome
                    == .failure(
                        error: "Sandbox.Timedout",
                        cause: #"{"errorType":"Sandbox.Timedout","errorMessage":"\#(message)"}"#
                    )
            )
            let processes = (functions.folder.read("pids") ?? "").split(separator: " ").compactMap { Int($0) }
            #expect(processes.count == 2)
            try await expectEventually { !processes.contains(where: isAlive) }
            #expect(await functions.invoke().payload == #""alive""#)
        }
    }

    @Test("whose caller gives up is killed, and its place is free", arguments: [true, false])
    func givenUp(byDeadline: Bool) async throws {
        let code = """
            import os, time
            def handler(event, context):
                if not event: return "alive"
                open("pid.tmp", "w").write(str(os.getpid()))
                os.rename("pid.tmp", "pid")
                time.sleep(600)
            """
        try await Functions.run(Self.python(#", "concurrency": 1"#), files: ["app.py": code]) { functions in
            // Warm, so that the deadline meets the handler and not the start.
            #expect(await functions.invoke().payload == #""alive""#)
            let invoking = Task {
                await functions.invoke("f", ["x": 1], deadline: byDeadline ? .seconds(5) : nil)
            }
            try await expectEventually { functions.folder.read("pid") != nil }
            if !byDeadline { invoking.cancel() }
            #expect(await invoking.value == (byDeadline ? .failure(error: "States.Timeout", cause: "") : .cancelled))
            let process = try #require(functions.folder.read("pid").flatMap { Int($0) })
            try await expectEventually { !isAlive(process) }
            #expect(await functions.invoke().payload == #""alive""#)
        }
    }

    @Test("is replaced when its files change, if that is wanted", arguments: [true, false])
    func reloads(_ isWanted: Bool) async throws {
        let settings = FunctionSettings(reloadsOnChange: isWanted)
        let files = ["app.py": "import lib.part\ndef handler(e, c): return lib.part.value", "lib/part.py": "value = 1"]
        try await Functions.run(Self.python(), files: files, settings: settings) { functions in
            #expect(await functions.invoke().payload == "1")
            try functions.folder.write("value = 22", to: "lib/part.py")
            try await expectEventually { await functions.invoke().payload == (isWanted ? "22" : "1") }
            try functions.folder.write("import lib.part\ndef handler(e, c): return 'new'", to: "app.py")
            try await expectEventually { await functions.invoke().payload == (isWanted ? #""new""# : "1") }
        }
    }

    @Test("goes on when its handler writes files beside itself that are no code")
    func writesBesideItself() async throws {
        let settings = FunctionSettings(reloadsOnChange: true)
        let code = """
            import os
            def handler(e, c):
                open("notes.json", "a").write("{}"); open("page.html", "a").write("x")
                return os.getpid()
            """
        try await Functions.run(Self.python(), files: ["app.py": code], settings: settings) { functions in
            let first = await functions.invoke().payload
            for _ in 0..<5 { #expect(await functions.invoke().payload == first) }
            #expect(!functions.messages.contains { $0.contains("changed") })
        }
    }

    @Test("has its exceptions told as warnings, and no empty lines")
    func exceptions() async throws {
        let code = "def handler(e, c):\n    print('well')\n    print('')\n    raise ValueError('bad')"
        try await Functions.run(Self.python(), files: ["app.py": code]) { functions in
            #expect(await functions.invoke().error == "ValueError")
            try await expectEventually { functions.entries.contains { $0.message.contains("raise ValueError") } }
            let entries = functions.entries.filter { $0.message.hasPrefix("f: ") }
            #expect(entries.map(\.level) == [.info, .warning, .warning, .warning, .warning])
            #expect(entries[1].message == "f: [ERROR] ValueError: bad")
        }
    }

    @Test("ends with its supervisor")
    func stops() async throws {
        let code = "import os\ndef handler(e, c): return os.getpid()"
        let process = try await Functions.run(Self.python(), files: ["app.py": code]) { functions in
            try #require(await functions.invoke().value?.int)
        }
        #expect(!isAlive(process))
    }

    @Test("cannot run a program that is missing, and says so")
    func missingProgram() async throws {
        let file = #"{"f": {"runtime": "command", "command": ["./nowhere"]}}"#
        try await Functions.run(file, files: [:]) { functions in
            let outcome = await functions.invoke()
            #expect(outcome.error == "Runtime.ExitError")
            #expect(outcome.cause?.contains("exit status 127") == true && outcome.cause?.contains("/nowhere'") == true)
            try await expectEventually { functions.messages.contains { $0.contains("nowhere: not found") } }
        }
    }

    @Test("leaves no descriptors open")
    func descriptors() async throws {
        let code = "import os\ndef handler(e, c): return len(os.listdir('/proc/self/fd'))"
        try await Functions.run(Self.python(), files: ["app.py": code]) { functions in
            // Its three standard ones, the folder that it lists, and its connection to the Runtime API.
            #expect(await functions.invoke().payload == "5")
        }
    }
}
