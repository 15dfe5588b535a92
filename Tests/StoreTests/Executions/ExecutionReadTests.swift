import JSON
import Store
import TestSupport
import Testing

@Suite("Executions in the store", .database)
struct ExecutionReadTests {
    let store = Store(pool: TestDatabase.current.pool())

    @Test("are found by the name that they were given, or by their id where they were given none")
    func find() async throws {
        let machine = try await store.makeMachine("A")
        let other = try await store.makeMachine("B")
        let named = try await store.putExecution(of: machine, at: 0, status: .running, name: "first")
        let unnamed = try await store.putExecution(of: machine, at: 1)

        let found = try #require(try await store.findExecution(named: "first", ofMachineNamed: "A"))
        #expect(found.id == named && found.name == "first" && found.status == .running)
        #expect(found.summary.stoppedAt == nil && found.summary.stateMachineName == "A")
        #expect(found.input.text == #"{"a": 1}"# && found.output?.text == "[1,  2]")
        #expect(found.revisionID == machine.revisionID)

        #expect(try await store.findExecution(named: "\(unnamed)", ofMachineNamed: "A")?.name == "\(unnamed)")
        #expect(try await store.findExecution(named: "\(named)", ofMachineNamed: "A") == nil)
        #expect(try await store.findExecution(named: "first", ofMachineNamed: "B") == nil)
        #expect(try await store.findExecution(named: "\(unnamed)", ofMachineNamed: "B") == nil)
        #expect(other.id != machine.id)
    }

    @Test("outlive their state machine, and give way to those of the next one of its name")
    func deletedMachine() async throws {
        let machine = try await store.makeMachine("A")
        let old = try await store.putExecution(of: machine, at: 0, name: "x")
        let unnamed = try await store.putExecution(of: machine, at: 1)
        try await store.deleteStateMachine(named: "A")
        #expect(try await store.findExecution(named: "x", ofMachineNamed: "A")?.id == old)
        #expect(try await store.findExecution(named: "\(unnamed)", ofMachineNamed: "A")?.id == unnamed)

        let next = try await store.makeMachine("A")
        #expect(try await store.findExecution(named: "x", ofMachineNamed: "A")?.id == old)
        let new = try await store.putExecution(of: next, at: 2, name: "x")
        #expect(try await store.findExecution(named: "x", ofMachineNamed: "A")?.id == new)
    }

    @Test("are listed newest first over all statuses, or of one, a page at a time")
    func list() async throws {
        let machine = try await store.makeMachine("A")
        let other = try await store.makeMachine("B")
        var ids: [ExecutionID] = []
        for index in 0..<10 {
            let status: ExecutionStatus = index % 3 == 0 ? .failed : index % 3 == 1 ? .running : .succeeded
            ids.append(try await store.putExecution(of: machine, at: Int64(index), status: status))
        }
        try await store.putExecution(of: other, at: 5)

        var seen: [ExecutionID] = []
        while true {
            let page = try await store.listExecutions(of: machine.id, status: nil, before: seen.last, limit: 3)
            seen += page.map(\.id)
            if page.count < 3 { break }
        }
        #expect(seen == ids.reversed())

        let failed = try await store.listExecutions(of: machine.id, status: .failed, before: nil, limit: 10)
        #expect(failed.map(\.id) == [ids[9], ids[6], ids[3], ids[0]])
        #expect(failed.allSatisfy { $0.status == .failed && $0.stoppedAt != nil && $0.stateMachineName == "A" })
        #expect(try await store.listExecutions(of: machine.id, status: .aborted, before: nil, limit: 10).isEmpty)
    }
}
