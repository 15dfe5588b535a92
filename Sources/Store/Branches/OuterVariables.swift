import Interpreter
import JSON
import Postgres
import StatesLanguage
import Synchronization

/// The variables around the children of forks, as they were read last.
///
/// They do not change while a child is open: the branches around it stand in the states that forked. So all children of a
/// fork share one copy, in memory as in the database, where the parent's row holds it: a Map of thousands of iterations
/// neither writes nor reads them thousands of times.
final class OuterVariables: Sendable {
    /// One fork: its first child's branch id names it in its execution.
    struct Fork: Hashable {
        let execution: ExecutionID
        let parent: Int
        let firstChild: Int

        init?(of branch: LeasedBranch) {
            guard let parent = branch.parent, let ordinal = branch.branch.kind.index else { return nil }
            execution = branch.key.execution
            self.parent = parent
            firstChild = branch.key.branch - ordinal
        }
    }

    private let known = Mutex(Remembered<Fork, JSONObject>(most: 1_000))

    subscript(fork: Fork) -> JSONObject? { known.withLock { $0[fork] } }

    /// Keeps what was read, of texts of so many bytes.
    func keep(_ variables: JSONObject, bytes: Int, of fork: Fork) {
        known.withLock { $0.remember(variables, bytes: bytes, for: fork) }
    }
}

extension Store {
    /// Gives branches that read them the variables of the branches around them; reads those of each fork once.
    func withOuterVariables(_ leased: [LeasedBranch]) async throws(StoreError) -> [LeasedBranch] {
        guard leased.contains(where: \.readsOuterVariables) else { return leased }
        var leased = leased
        for index in leased.indices where leased[index].readsOuterVariables {
            guard let fork = OuterVariables.Fork(of: leased[index]) else { continue }
            if let variables = outerVariables[fork] {
                leased[index].branch.variables.outer = variables
            } else {
                let (variables, bytes) = try await variables(of: fork)
                outerVariables.keep(variables, bytes: bytes, of: fork)
                leased[index].branch.variables.outer = variables
            }
        }
        return leased
    }

    /// Reads the variables of a branch that has forked and of all around it, the innermost last.
    ///
    /// It locks nothing: as long as one of the fork's children is open none of those rows' variables change.
    private func variables(of fork: OuterVariables.Fork) async throws(StoreError) -> (JSONObject, bytes: Int) {
        let rows = try await query(
            """
            WITH RECURSIVE around AS (
                SELECT execution_id, parent_id, variables, 0 AS distance FROM braid.branches
                WHERE execution_id = $1 AND branch_id = $2
                UNION ALL
                SELECT b.execution_id, b.parent_id, b.variables, around.distance + 1
                FROM around JOIN braid.branches AS b ON b.execution_id = around.execution_id AND b.branch_id = around.parent_id
            )
            SELECT variables FROM around WHERE variables IS NOT NULL ORDER BY distance DESC
            """,
            [.uuid(fork.execution.value), .int4(Int32(clamping: fork.parent))]
        )
        let texts = try decode(rows) { row throws(PostgresError) in try row[0] as String }
        var all = JSONObject()
        for text in texts {
            for (name, value) in JSONText(trusted: text).value.object ?? [:] { all[name] = value }
        }
        return (all, texts.reduce(0) { $0 + $1.utf8.count })
    }
}
