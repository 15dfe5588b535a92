import JSON
import Testing

@testable import BraidCommand

@Suite("The braid command")
struct ProgramTests {
    let transcript = Transcript()
    let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    @Test("tells its commands, and of each what it takes")
    func help() async {
        #expect(await transcript.run("--help") == .success)
        for group in Program.groups {
            for command in group.commands {
                #expect(transcript.answer.contains(command.syntax.summary))
                let other = Transcript()
                #expect(await other.run(command.syntax.name, "--help") == .success)
                #expect(other.answer.contains("Usage: braid \(command.syntax.name)"))
            }
        }
    }

    @Test("guesses what a mistyped command was to be")
    func mistyped() async {
        #expect(await transcript.run("valdate") == .usage)
        #expect(
            transcript.notes == "braid: there is no command 'valdate'; did you mean 'validate'? (see 'braid --help')\n"
        )
    }

    @Test("validates: all problems with their places, and a status that says whether there are any")
    func validate() async throws {
        let good = try folder.file("good.json", #"{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}"#)
        let bad = try folder.file("bad.json", #"{"StartAt":"B","States":{"A":{"Type":"Wait","End":true}}}"#)

        #expect(await transcript.run("validate", good) == .success)
        #expect(transcript.answer == "\(good): valid\n")
        let other = Transcript()
        #expect(await other.run("validate", "--json", good, bad) == .failure)
        let report = try JSONValue(parsing: other.answer)
        #expect(report[0]?["result"] == "OK")
        #expect(report[1]?["result"] == "FAIL")
        #expect((report[1]?["diagnostics"]?.array?.count ?? 0) >= 2)
    }

    static let waits = """
        {"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":86400,"Next":"P"},
         "P":{"Type":"Parallel","End":true,"Branches":[
           {"StartAt":"X","States":{"X":{"Type":"Wait","Seconds":3600,"Next":"Y"},"Y":{"Type":"Pass","Result":1,"End":true}}},
           {"StartAt":"Z","States":{"Z":{"Type":"Pass","Result":2,"End":true}}}]}}}
        """

    @Test("runs a definition in memory, and skips its waits when asked", .timeLimit(.minutes(1)))
    func run() async throws {
        let file = try folder.file("waits.asl.json", Self.waits)

        #expect(await transcript.run("run", file, "--skip-waits", "--history") == .success)
        #expect(transcript.answer == "[1,2]\n")
        #expect(transcript.notes.contains("WaitStateExited"))
    }

    @Test("ends with 1 for an execution that fails, and says how")
    func failing() async throws {
        let file = try folder.file(
            "fails.json",
            #"{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"Sad","Cause":"because"}}}"#
        )

        #expect(await transcript.run("run", file) == .failure)
        #expect(transcript.notes.contains("FAILED: Sad") && transcript.notes.contains("because"))
    }

    @Test("times an execution out by its TimeoutSeconds")
    func timesOut() async throws {
        let file = try folder.file(
            "slow.json",
            #"{"StartAt":"W","TimeoutSeconds":5,"States":{"W":{"Type":"Wait","Seconds":60,"End":true}}}"#
        )

        #expect(await transcript.run("run", file, "--skip-waits", "--json") == .failure)
        #expect(try JSONValue(parsing: transcript.answer)["status"] == "TIMED_OUT")
    }

    @Test("refuses input that is not JSON, and says where")
    func badInput() async throws {
        let file = try folder.file("waits.json", Self.waits)

        #expect(await transcript.run("run", file, "--input", "{\"a\":") == .usage)
        #expect(transcript.notes.hasPrefix("braid: the input is not JSON: "))
        let other = Transcript()
        #expect(await other.run("run", file, "--input", "@/nowhere.json") == .usage)
        #expect(other.notes == "braid: there is no file /nowhere.json\n")
    }

    @Test("answers for programs with an error in JSON where it cannot do what was asked")
    func jsonErrors() async throws {
        let bad = try folder.file("bad.json", #"{"StartAt":"A","States":{}}"#)
        #expect(await transcript.run("deploy", "--json", bad, "/nowhere.json") == .usage)
        let error = try JSONValue(parsing: transcript.notes)["error"]
        #expect(error?["code"] == "USAGE")
        #expect(error?["message"]?.string?.contains("/nowhere.json") == true)
        #expect(error?["message"]?.string?.contains("not valid; nothing was deployed") == true)
        #expect(error?["definitions"]?[0]?["result"] == "FAIL")
        let other = Transcript()
        #expect(await other.run("list", "--endpoint", "nonsense", "--json") == .usage)
        #expect(try JSONValue(parsing: other.notes)["error"]?["message"]?.string?.contains("nonsense") == true)
        #expect(other.answer == "")
    }

    @Test("takes for a database only what is one")
    func database() async {
        for command in [["sql"], ["dev"], ["migrate"], ["run", "x", "--durable"]] {
            let transcript = Transcript()
            let words = command + ["--database", "foo"]
            #expect(await Program.run(words, environment: [:], output: transcript.output) == .usage)
            if command != ["run", "x", "--durable"] {
                #expect(transcript.notes.contains("a URL such as postgresql://"))
            }
        }
    }

    @Test("says of a Task that nothing serves what to do about it")
    func unserved() async throws {
        let file = try folder.file(
            "task.json",
            #"{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:1:function:f","End":true}}}"#
        )
        #expect(await transcript.run("run", file) == .failure)
        #expect(transcript.notes.contains("function:f: no --functions FILE was given."))
        let functions = try folder.file("functions.json", #"{"functions": {"g": {"url": "http://127.0.0.1:1"}}}"#)
        let other = Transcript()
        #expect(await other.run("run", file, "--functions", functions) == .failure)
        #expect(other.notes.contains("add it to the functions file \(functions)."))
    }

    @Test("names a functions file once when it refuses it, and tells what its functions lack")
    func functionsFile() async throws {
        let file = try folder.file("pass.json", #"{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}"#)
        let bad = try folder.file("bad.json", #"{"functions": {"f": {"runtime": "ruby"}}}"#)
        #expect(await transcript.run("run", file, "--functions", bad) == .usage)
        #expect(
            transcript.notes == """
                braid: the functions file \(bad) is not valid:
                  /functions/f/runtime: 'ruby' is not one of python, node, command

                """
        )
        let lacking = try folder.file(
            "functions.json",
            #"{"functions": {"f": {"runtime": "command", "command": ["./nowhere"]}}}"#
        )
        let other = Transcript()
        #expect(await other.run("run", file, "--functions", lacking) == .success)
        #expect(other.notes.contains("Warning: function 'f': there is no program") && other.notes.contains("/nowhere"))
    }

    @Test("shows a function's failure with its message and its trace in lines")
    func cause() {
        let cause = #"{"errorMessage":"bad\nworse","errorType":"E","stackTrace":["  File \"a.py\"\n    raise E\n"]}"#
        #expect(ExecutionReport.lines(ofCause: cause) == ["bad", "worse", "    File \"a.py\"", "      raise E"])
        #expect(ExecutionReport.lines(ofCause: "plain") == ["plain"])
    }
}
