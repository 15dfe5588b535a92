import JSON
import Postgres
import StatesLanguage
import Store
import TestSupport
import Testing

@testable import Console

@Suite("The pages of executions", .database)
struct ExecutionPagesTests {
    let store = Store(pool: TestDatabase.current.pool())

    /// Makes executions of a machine, each a second older than the one before.
    private func make(_ names: [String], of machine: String, status: String) async throws {
        let definition = #"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}"#
        let content = RevisionContent(definition: definition, roleARN: "r")
        let made = try await store.createStateMachine(named: machine, type: .standard, content: content)
        let record = try #require(made)
        for (age, name) in names.enumerated() {
            _ = try await store.pool.query(
                """
                WITH made AS (
                    INSERT INTO braid.executions (
                        execution_id, state_machine_id, revision_id, started_at, stopped_at, status, name, input
                    )
                    VALUES (
                        (lpad(to_hex((extract(epoch FROM now() - $4 * interval '1 s') * 1000)::bigint), 12, '0')
                            || '7' || substr(md5($5 || $3), 1, 3) || '8' || substr(md5($5 || $3), 4, 15))::uuid,
                        $1, $2, now() - $4 * interval '1 s', now(), $6, $3, '{"big": 12345678901234567890}'
                    ) RETURNING *
                ) INSERT INTO braid.execution_names SELECT state_machine_id, name, execution_id FROM made
                """,
                [
                    .int8(record.id.rawValue), .int8(record.revisionID.rawValue), .text(name), .float8(Double(age)),
                    .text(machine), .text(status),
                ]
            )
        }
    }

    private func names(_ query: String) async throws -> [String] {
        let page = try #require(await Pages(store).get("/console/executions\(query)").json)
        return page["executions"]?.array?.compactMap { $0["name"]?.string } ?? []
    }

    @Test("list them newest first, by status, machine and a part of the name")
    func filters() async throws {
        try await make(["red-1", "red_2"], of: "paint", status: "SUCCEEDED")
        try await make(["blue"], of: "dye", status: "FAILED")
        #expect(Set(try await names("")) == ["red-1", "red_2", "blue"])
        #expect(try await names("?machine=paint") == ["red-1", "red_2"])
        #expect(try await names("?status=FAILED") == ["blue"])
        #expect(try await names("?name=RED") == ["red-1", "red_2"])
        #expect(try await names("?name=_") == ["red_2"])
        #expect(try await names("?name=%25") == [])
        #expect(try await names("?from=9999999999999999") == [])
        #expect(try await names("?to=1000") == [])
        #expect(try await names("?machine=none") == [])
    }

    @Test("page by page, each page behind the last")
    func paging() async throws {
        try await make((0..<60).map { "e\($0)" }, of: "many", status: "SUCCEEDED")
        let first = try #require(await Pages(store).get("/console/executions").json)
        #expect(first["executions"]?.array?.count == 50)
        let next = try #require(first["next"]?.string)
        let rest = try await names("?before=\(next)")
        #expect(rest == (50..<60).map { "e\($0)" })
    }

    @Test("show one with its payloads as they are, its definition and its graph")
    func details() async throws {
        try await make(["one"], of: "paint", status: "SUCCEEDED")
        let page = try #require(await Pages(store).get("/console/executions/paint/one").json)
        #expect(page["input"]?.string == #"{"big": 12345678901234567890}"#)
        #expect(page["arn"]?.string == "arn:aws:states:us-east-1:123456789012:execution:paint:one")
        #expect(page["graph"]?["states"] == ["A"])
        #expect(await Pages(store).get("/console/executions/paint/two").status == 404)
        #expect(await Pages(store).get("/console/executions/paint/one/events/1").status == 404)
    }

    @Test("count them once for all who ask within a second")
    func overview() async throws {
        try await make(["one"], of: "paint", status: "FAILED")
        let page = try #require(await Pages(store).get("/console/overview").json)
        #expect(page["machines"]?[0]?["counts"]?["FAILED"]?.int == 1)
        #expect(page["version"] == "1.2.3")
    }
}
