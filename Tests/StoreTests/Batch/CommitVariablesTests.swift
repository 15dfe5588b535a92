import Interpreter
import JSON
import Postgres
import StatesLanguage
import Store
import TestSupport
import Testing

@Suite("Variables in the database", .database)
struct CommitVariablesTests {
    @Test("are kept by transitions that assign none, and read back by who takes the branch over")
    func kept() async throws {
        let bench = try await Bench()
        var root = try await bench.start()
        root.branch.variables.assign(["x": 1, "y": ["a", 0.5]])
        try await bench.commit(.proceed(), of: &root) { one in
            one.transition.assigns = true
        }
        // What a transition that assigns nothing carries is not looked at.
        try await bench.commit(.proceed(), of: &root) { $0.transition.branch.variables = Variables() }
        let leased = try #require(try await bench.leased(root.key, root.lease))
        #expect(leased.branch.variables.own.text == #"{"x":1,"y":["a",0.5]}"#)
    }

    @Test("of the branches around it are read by each child that reads them, from one copy")
    func shared() async throws {
        let bench = try await Bench()
        var root = try await bench.start()
        root.branch.variables.assign(["x": 1])
        let fork = try await bench.commit(.map(3, maxConcurrency: 2, sharesVariables: true), of: &root) { one in
            one.share = 1
            one.transition.assigns = true
        }
        let first = try #require(fork.committed?.taken.first?.child)
        #expect(first.variables == Variables(own: [:], outer: ["x": 1]))
        let second = try #require(try await bench.lease([""]).first)
        #expect(second.key.branch == 2 && second.branch.variables == Variables(own: [:], outer: ["x": 1]))

        // A child that forks: its own children see both.
        var child = Held(second)
        child.branch.variables.assign(["y": 2])
        try await bench.commit(.map(1, sharesVariables: true), of: &child) { one in
            one.transition.assigns = true
        }
        let grandchild = try #require(try await bench.lease([""]).first)
        #expect(grandchild.parent == 2 && grandchild.branch.variables.outer == ["x": 1, "y": 2])
        #expect(try await bench.column("variables", of: grandchild.key) == "{}")
    }

    @Test("are not read for children that read none")
    func unshared() async throws {
        let bench = try await Bench()
        var root = try await bench.start()
        root.branch.variables.assign(["x": 1])
        try await bench.commit(.map(1), of: &root) { one in
            one.transition.assigns = true
        }
        let child = try #require(try await bench.lease([""]).first)
        #expect(!child.readsOuterVariables && child.branch.variables == Variables())
        #expect(try await bench.column("variables", of: child.key) == nil)
    }
}

extension JSONObject {
    fileprivate var text: String { JSONValue.object(self).text }
}

extension Bench {
    fileprivate func column(_ name: String, of key: BranchKey) async throws -> String? {
        try await connection.query(
            "SELECT \(name) FROM braid.branches WHERE execution_id = $1 AND branch_id = $2",
            [.uuid(key.execution.value), .int4(Int32(key.branch))]
        ).first?[0]
    }
}
