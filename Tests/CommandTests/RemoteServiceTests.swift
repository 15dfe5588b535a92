import JSON
import Synchronization
import Testing

@testable import BraidCommand

@Suite("A client's talk with a service")
struct RemoteServiceTests {
    /// A service that knows its answers, and remembers what it was asked.
    final class Rehearsed: Sendable {
        private let asked = Mutex<[String]>([])
        private let answers: @Sendable (_ action: String, _ request: JSONValue) -> (status: Int, body: JSONValue)

        init(_ answers: @escaping @Sendable (String, JSONValue) -> (status: Int, body: JSONValue)) {
            self.answers = answers
        }

        var actions: [String] { asked.withLock { $0 } }

        var service: RemoteService {
            RemoteService { action, body in
                self.asked.withLock { $0.append(action) }
                let (status, answer) = self.answers(action, try JSONValue(parsing: body))
                return (status, Array(answer.text.utf8))
            }
        }
    }

    static let machines = Rehearsed { action, request in
        switch (action, request["nextToken"]?.string) {
        case ("ListStateMachines", nil):
            (200, ["stateMachines": [["name": "one", "stateMachineArn": "arn:x:stateMachine:one"]], "nextToken": "t"])
        case ("ListStateMachines", "t"):
            (200, ["stateMachines": [["name": "two", "stateMachineArn": "arn:x:stateMachine:two"]]])
        case ("ListExecutions", _) where request["statusFilter"] == "RUNNING":
            (200, ["executions": [["executionArn": "arn:x:execution:two:running"]]])
        case ("ListExecutions", _): (200, ["executions": [["executionArn": "arn:x:execution:two:latest"]]])
        default: (400, ["__type": "com.amazonaws#Wrong", "message": "no"])
        }
    }

    @Test("finds machines and executions by their short names, over all pages")
    func names() async throws {
        let service = Self.machines.service

        #expect(try await service.stateMachineARN(of: "two") == "arn:x:stateMachine:two")
        #expect(try await service.stateMachineARN(of: "arn:y") == "arn:y")
        #expect(try await service.executionARN(of: "two:a:b") == "arn:x:execution:two:a:b")
        #expect(try await service.executionARN(of: "two") == "arn:x:execution:two:latest")
        #expect(try await service.executionARN(of: "two:") == "arn:x:execution:two:latest")
    }

    @Test("prefers, of a machine's executions, the latest that runs, where that is meant")
    func running() async throws {
        let service = Self.machines.service
        #expect(try await service.executionARN(of: "two", preferring: "RUNNING") == "arn:x:execution:two:running")
        #expect(try await service.executionARN(of: "two", preferring: "FAILED") == "arn:x:execution:two:latest")
    }

    @Test("guesses a name that is nearly right")
    func guess() async throws {
        let error = await #expect(throws: CommandFailure.self) {
            try await Self.machines.service.stateMachineARN(of: "tow")
        }
        #expect(error?.hint == "Did you mean 'two'?")
    }

    @Test("reads no page more than is wanted")
    func enough() async throws {
        let rehearsed = Rehearsed { _, _ in (200, ["all": [1, 2], "nextToken": "more"]) }
        var seen: [JSONValue] = []
        try await rehearsed.service.pages(of: "List", [:], member: "all") { element in
            seen.append(element)
            return seen.count < 3
        }

        #expect(seen == [1, 2, 1])
        #expect(rehearsed.actions.count == 2)
    }

    @Test("tells a refusal by its name without the namespace")
    func refusal() async throws {
        await #expect(throws: ServiceRefusal(error: "Wrong", message: "no")) {
            try await Self.machines.service.call("Nonsense", [:])
        }
    }

    @Test("sees that something else listens there")
    func somethingElse() async throws {
        let rehearsed = Rehearsed { _, _ in (404, "sorry") }
        let error = await #expect(throws: CommandFailure.self) { try await rehearsed.service.call("List", [:]) }
        #expect(error?.status == .unavailable)
    }
}
