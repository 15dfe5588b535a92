import JSON
import Synchronization
import Testing

@testable import BraidCommand

@Suite("What is told of long work")
struct ProgressTests {
    /// A terminal of 60 columns, and a clock that the test moves.
    final class Terminal: Sendable {
        private let written = Mutex("")
        private let time = Mutex(ContinuousClock.now)

        var text: String { written.withLock { $0 } }
        var now: ContinuousClock.Instant { time.withLock { $0 } }

        func advance(by duration: Duration) { time.withLock { $0 += duration } }

        func write(_ text: String) { written.withLock { $0 += text } }

        var line: ProgressLine { ProgressLine(width: { 60 }, now: { self.now }, write: { self.write($0) }) }

        /// An output whose answer, notes and line all go to this terminal.
        func output(_ line: ProgressLine) -> Output {
            Output(
                isColoured: false,
                width: 60,
                progress: line,
                standardOutput: { self.write($0) },
                standardError: { self.write($0) }
            )
        }
    }

    @Test("is a bar with its numbers, cut where the terminal ends")
    func bar() {
        #expect(
            ProgressBar("deploying", 3, of: 12, note: "order").text(width: 80)
                == "deploying  [#####···············]  3 of 12  order"
        )
        #expect(ProgressBar("x", 1, of: 1).text(width: 80) == "x  [####################]  1 of 1")
        #expect(ProgressBar("x", 0, of: 0).text(width: 80) == "x  [····················]  0 of 0")
        #expect(ProgressBar("x", 9, of: 4).text(width: 80).contains("[####################]"))
        #expect(ProgressBar("x", 1_234, of: 1_234_567).text(width: 80).hasSuffix("1,234 of 1,234,567"))
        #expect(ProgressBar("long", 1, of: 2, note: "name").text(width: 20).count == 19)
    }

    @Test("is drawn ten times a second at most, and taken away at the end")
    func throttle() {
        let terminal = Terminal()
        let line = terminal.line
        line.show("one")
        terminal.advance(by: .milliseconds(99))
        line.show("two")
        #expect(terminal.text == "\r\u{1B}[Kone")
        terminal.advance(by: .milliseconds(1))
        line.show("three")
        line.clear()
        line.clear()
        #expect(terminal.text == "\r\u{1B}[Kone\r\u{1B}[Kthree\r\u{1B}[K")
    }

    @Test("stays below what is written meanwhile")
    func aside() {
        let terminal = Terminal()
        let line = terminal.line
        let output = terminal.output(line)
        output.line("first")
        line.show("bar")
        output.line("second")
        output.note("third")
        #expect(terminal.text == "first\n\r\u{1B}[Kbar\r\u{1B}[Ksecond\nbar\r\u{1B}[Kthird\nbar")
    }

    /// A service with one map run that goes on, and one that has ended.
    static func service(succeeded: Int, failed: Int = 0) -> RemoteServiceTests.Rehearsed {
        RemoteServiceTests.Rehearsed { action, request in
            switch action {
            case "ListMapRuns":
                let arn = "arn:aws:states:r:1:mapRun:m"
                return (
                    200,
                    ["mapRuns": [["mapRunArn": "\(arn)/Old:1", "stopDate": 1], ["mapRunArn": "\(arn)/Rows:2"]]]
                )
            case "DescribeMapRun" where request["mapRunArn"]?.string?.hasSuffix("Rows:2") == true:
                return (
                    200,
                    [
                        "itemCounts": [
                            "succeeded": .number(JSONNumber(succeeded)), "failed": .number(JSONNumber(failed)),
                            "total": 4_000,
                        ]
                    ]
                )
            default: return (400, ["__type": "Unexpected", "message": "\(action)"])
            }
        }
    }

    @Test("of map runs are the items of those that run, their rate, and how many failed")
    func mapRuns() async throws {
        let terminal = Terminal()
        let line = terminal.line
        var runs = MapRunProgress(of: "arn", now: terminal.now)
        try await runs.show(on: line, Self.service(succeeded: 1_000).service, now: terminal.now)
        #expect(terminal.text == "\r\u{1B}[KRows  [#####···············]  1,000 of 4,000")
        terminal.advance(by: .seconds(2))
        try await runs.show(on: line, Self.service(succeeded: 2_900, failed: 100).service, now: terminal.now)
        let expected = "Rows  [###############·····]  3,000 of 4,000  1,000/s  100 failed"
        #expect(terminal.text.hasSuffix(expected.prefix(59)))
    }

    @Test("of map runs is asked twice a second at most, and not at all where nobody looks on")
    func asking() async throws {
        let terminal = Terminal()
        let service = Self.service(succeeded: 1)
        var runs = MapRunProgress(of: "arn", now: terminal.now)
        try await runs.show(on: nil, service.service, now: terminal.now)
        #expect(service.actions.isEmpty)
        for _ in 1...5 {
            try await runs.show(on: terminal.line, service.service, now: terminal.now)
            terminal.advance(by: .milliseconds(100))
        }
        #expect(service.actions == ["ListMapRuns", "DescribeMapRun"])
    }

    @Test("of an execution without map runs is for how long it was waited for")
    func waiting() async throws {
        let terminal = Terminal()
        let service = RemoteServiceTests.Rehearsed { _, _ in (200, ["mapRuns": []]) }.service
        var runs = MapRunProgress(of: "arn", now: terminal.now)
        try await runs.show(on: terminal.line, service, now: terminal.now)
        #expect(terminal.text == "")
        terminal.advance(by: .seconds(12))
        try await runs.show(on: terminal.line, service, now: terminal.now)
        #expect(terminal.text.hasSuffix("waiting for the end, 12.0 s"))
    }

    @Test("is nowhere where the answer is for a program")
    func json() throws {
        let terminal = Terminal()
        let output = terminal.output(terminal.line)
        func progress(_ words: [String]) throws -> ProgressLine? {
            let syntax = DeployCommand.syntax
            let arguments = try Arguments(words, for: syntax)
            return Invocation(syntax: syntax, arguments: arguments, environment: [:], output: output).progress
        }
        #expect(try progress(["a.json"]) != nil)
        #expect(try progress(["a.json", "--json"]) == nil)
    }
}
