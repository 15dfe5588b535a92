import Engine
import Interpreter
import JSON
import Store
import Synchronization
import TestSupport
import Testing

@Suite("A task that waits for its token", .database)
struct CallbackTests {
    /// The token that a function was given, once it was.
    private final class Mailbox: Sendable {
        private let tokens = Mutex<[String]>([])

        func put(_ token: String) { tokens.withLock { $0.append(token) } }

        func token(_ index: Int = 0) async throws -> TaskToken {
            let deadline = ContinuousClock.now + .seconds(20)
            while true {
                let all = tokens.withLock { $0 }
                if all.count > index, let token = TaskToken(all[index]) { return token }
                guard ContinuousClock.now < deadline else { throw EngineFixture.FunctionFailure(error: "no token") }
                try await Task.sleep(for: .milliseconds(2))
            }
        }
    }

    private func definition(_ more: String = "") -> String {
        #"""
        {"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken",
        "Parameters":{"FunctionName":"\#(EngineFixture.arn("ask"))","Payload":{"token.$":"$$.Task.Token"}}\#(more),
        "End":true}}}
        """#
    }

    private func ask(_ mailbox: Mailbox) -> EngineFixture.Function {
        { input in
            mailbox.put(input["Payload"]?["token"]?.string ?? "")
            return [:]
        }
    }

    @Test("ends with the first answer, and a later one finds nothing that waits")
    func firstWins() async throws {
        let mailbox = Mailbox()
        try await EngineFixture.make(["ask": ask(mailbox)]).run { fixture in
            let id = try await fixture.start(definition())
            let token = try await mailbox.token()
            #expect(try await fixture.engine.complete(token, with: .succeeded(JSONText(trusted: "[1, 2]"))))
            #expect(try await !fixture.engine.complete(token, with: .succeeded(JSONText(trusted: "3"))))
            #expect(try await fixture.end(of: id) == .init(status: "SUCCEEDED", output: "[1, 2]"))
            #expect(try await !fixture.engine.complete(token, with: .failed(Failure(error: "E", cause: nil))))
        }
    }

    @Test("keeps an answer that comes before its branch sleeps")
    func earlyAnswer() async throws {
        let mailbox = Mailbox()
        let engine = Mutex<Engine?>(nil)
        let ask: EngineFixture.Function = { input throws(EngineFixture.FunctionFailure) in
            guard let token = TaskToken(input["Payload"]?["token"]?.string ?? ""),
                let engine = engine.withLock({ $0 }),
                (try? await engine.complete(token, with: .succeeded(JSONText(trusted: "\"early\"")))) == true
            else { throw EngineFixture.FunctionFailure(error: "not kept") }
            mailbox.put(token.text)
            return [:]
        }
        let fixture = try await EngineFixture.make(["ask": ask])
        engine.withLock { $0 = fixture.engine }
        try await fixture.run { fixture in
            let id = try await fixture.start(definition())
            #expect(try await fixture.end(of: id) == .init(status: "SUCCEEDED", output: "\"early\""))
        }
    }

    @Test("fails as it is told, which can be caught")
    func failure() async throws {
        let mailbox = Mailbox()
        try await EngineFixture.make(["ask": ask(mailbox)]).run { fixture in
            let id = try await fixture.start(definition())
            let token = try await mailbox.token()
            #expect(try await fixture.engine.complete(token, with: .failed(Failure(error: "E\u{0}", cause: "C"))))
            #expect(try await fixture.end(of: id) == .init(status: "FAILED", error: "E\u{FFFD}", cause: "C"))
        }
    }

    @Test("times out at its deadline; its token is void then, and a retry has another")
    func timesOut() async throws {
        let mailbox = Mailbox()
        // The time in which the second attempt must be answered.
        let retry =
            #","TimeoutSeconds":6,"Retry":[{"ErrorEquals":["States.Timeout"],"IntervalSeconds":1,"MaxAttempts":1}]"#
        try await EngineFixture.make(["ask": ask(mailbox)]).run { fixture in
            let id = try await fixture.start(definition(retry))
            let first = try await mailbox.token()
            let second = try await mailbox.token(1)
            #expect(first.text != second.text)
            #expect(try await !fixture.engine.complete(first, with: .succeeded(JSONText(trusted: "1"))))
            #expect(try await fixture.engine.complete(second, with: .succeeded(JSONText(trusted: "2"))))
            #expect(try await fixture.end(of: id).output == "2")
        }
    }

    @Test("times out without a heartbeat, and lives as long as it beats")
    func heartbeat() async throws {
        let mailbox = Mailbox()
        try await EngineFixture.make(["ask": ask(mailbox)]).run { fixture in
            let id = try await fixture.start(definition(#","HeartbeatSeconds":5,"TimeoutSeconds":600"#))
            let token = try await mailbox.token()
            // Longer than a heartbeat's time altogether, and each time much shorter.
            let end = ContinuousClock.now + .seconds(6)
            while ContinuousClock.now < end {
                #expect(try await fixture.store.heartbeatTask(token.key, token: token.text))
                try await Task.sleep(for: .milliseconds(200))
            }
            #expect(
                try await fixture.end(of: id, within: .seconds(60)) == .init(status: "FAILED", error: "States.Timeout")
            )
            #expect(try await !fixture.store.heartbeatTask(token.key, token: token.text))
        }
    }
}
