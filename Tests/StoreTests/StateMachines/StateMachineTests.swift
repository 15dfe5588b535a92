import Postgres
import StatesLanguage
@testable import Store
import TestSupport
import Testing

@Suite("A state machine in the store", .database)
struct StateMachineTests {
    let store = Store(pool: TestDatabase.current.pool())

    @Test("is found with its revision by its name, and its revision by itself")
    func find() async throws {
        let content = RevisionContent(
            definition: #"{"StartAt": "A"}"#,
            roleARN: "r",
            loggingConfiguration: #"{"level":"ALL"}"#,
            tracingConfiguration: #"{"enabled":true}"#,
            encryptionConfiguration: nil
        )
        let made = try await store.createStateMachine(named: "Größe", type: .express, content: content)
        let found = try #require(try await store.findStateMachine(named: "Größe"))
        #expect(found == made)
        #expect(RevisionContent(of: found) == content)
        #expect(found.type == .express && found.status == .active && found.revision == nil)
        #expect(found.createdAt == found.revisionCreatedAt)
        #expect(try await store.findRevision(found.revisionID) == found)

        let head = try #require(try await store.findStateMachineHeads(named: ["Größe"]).first)
        #expect(head.id == found.id && head.revisionID == found.revisionID && head.type == .express)
        #expect(try await store.findStateMachine(named: "größe") == nil)
        #expect(try await store.findRevision(RevisionID(rawValue: 999)) == nil)
    }

    @Test("has its name to itself, also when two are made at once")
    func sameName() async throws {
        let made = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let content = RevisionContent(definition: "{}", roleARN: "r")
                    return try await store.createStateMachine(named: "A", type: .standard, content: content) != nil
                }
            }
            return try await group.reduce(into: 0) { count, isMade in count += isMade ? 1 : 0 }
        }
        #expect(made == 1)
        #expect(try await store.listStateMachines(after: nil, limit: 10).count == 1)
    }

    @Test("gets a new revision, unless somebody else gave it one meanwhile")
    func update() async throws {
        let first = try await store.makeMachine("A")
        let wanted = RevisionContent(definition: "[2]", roleARN: "r2")
        let second = try #require(try await store.updateStateMachine(first.id, from: first.revisionID, to: wanted))
        #expect(second.revision != nil)
        #expect(second.revisionID != first.revisionID)
        #expect(RevisionContent(of: second) == wanted)
        #expect(try await store.findStateMachine(named: "A") == second)
        #expect(try await store.findRevision(first.revisionID)?.definition == first.definition)

        #expect(try await store.updateStateMachine(first.id, from: first.revisionID, to: wanted) == nil)
        #expect(try await store.findStateMachine(named: "A") == second)
    }

    @Test("says of each revision whether leases must carry the execution's input", arguments: [true, false])
    func readsInput(_ first: Bool) async throws {
        let content = RevisionContent(definition: "[1]", roleARN: "r")
        let made = try await store.createStateMachine(
            named: "A",
            type: .standard,
            content: content,
            readsExecutionInput: first
        )
        var machine = try #require(made)
        for (asked, kept) in [(nil, first), (!first, !first), (nil, !first)] as [(Bool?, Bool)] {
            let updated = try await store.updateStateMachine(
                machine.id,
                from: machine.revisionID,
                to: content,
                readsExecutionInput: asked
            )
            machine = try #require(updated)
            let rows = try await store.query(
                "SELECT reads_context FROM braid.state_machine_revisions WHERE revision_id = $1",
                [.int8(machine.revisionID.rawValue)]
            )
            #expect(try rows[0]["reads_context"] as Bool == kept)
        }
    }

    @Test("is deleted at once where nothing of it runs, and frees its name")
    func delete() async throws {
        let first = try await store.makeMachine("A")
        try await store.putExecution(of: first, at: 0)
        #expect(try await store.deleteStateMachine(named: "A") == .deleted)
        #expect(try await store.findStateMachine(named: "A") == nil)
        #expect(try await store.findStateMachineHeads(named: ["A"]).isEmpty)
        #expect(try await store.listStateMachines(after: nil, limit: 10).isEmpty)
        #expect(try await store.deleteStateMachine(named: "A") == nil)
        #expect(try await store.makeMachine("A").id != first.id)
    }

    @Test("is being deleted while an execution of it runs, and then keeps its name and takes no revision")
    func deleting() async throws {
        let machine = try await store.makeMachine("A")
        let running = try await store.putExecution(of: machine, at: 0, status: .running)
        #expect(try await store.deleteStateMachine(named: "A") == .deleting)
        #expect(try await store.findStateMachine(named: "A")?.status == .deleting)
        let content = RevisionContent(definition: "[]", roleARN: "r")
        #expect(try await store.createStateMachine(named: "A", type: .standard, content: content) == nil)
        #expect(try await store.updateStateMachine(machine.id, from: machine.revisionID, to: content) == nil)
        #expect(try await store.finishDeletions() == 0)

        try await store.end(running)
        #expect(try await store.finishDeletions() == 1)
        #expect(try await store.findStateMachine(named: "A") == nil)
    }

    @Test("is listed by name, a page at a time")
    func list() async throws {
        for name in ["c", "a", "e", "b", "d"] { _ = try await store.makeMachine(name) }
        let first = try await store.listStateMachines(after: nil, limit: 2)
        let second = try await store.listStateMachines(after: first.last?.name, limit: 10)
        #expect(first.map(\.name) == ["a", "b"])
        #expect(second.map(\.name) == ["c", "d", "e"])
    }
}
