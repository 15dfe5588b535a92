import JSON
import Postgres
import StatesLanguage

/// A machine and a name of one of its executions, the same only if it is so to the letter, as in SQL.
struct ExecutionName: Sendable, Hashable {
    private var machine: StateMachineID
    private var name: [UInt8]

    init(machine: StateMachineID, name: String) {
        self.machine = machine
        self.name = Array(name.utf8)
    }
}

/// The starts of a batch that were given names: the names are taken first, in order, the first to take one keeps it.
struct NamedStarts {
    private let starts: [StartSubmission]

    init(_ submissions: [Submission]) {
        var starts: [StartSubmission] = []
        for case .start(let start) in submissions where start.name != nil { starts.append(start) }
        self.starts = starts
    }

    var isEmpty: Bool { starts.isEmpty }

    /// Takes the names, then reads who has those that were taken by others.
    var statements: [Statement] {
        let machines: PostgresValue = .int8Array(starts.map(\.machine.rawValue))
        let names: PostgresValue = .textArray(starts.map(\.name))
        return [
            Statement(
                """
                INSERT INTO braid.execution_names (state_machine_id, name, execution_id)
                SELECT machine, name, id
                FROM unnest($1::int8[], $2::text[], $3::uuid[]) WITH ORDINALITY AS n (machine, name, id, place)
                ORDER BY machine, name, place ON CONFLICT DO NOTHING
                """,
                [machines, names, .uuidArray(starts.map(\.id.value))]
            ),
            Statement(
                """
                SELECT n.state_machine_id, n.name, e.execution_id, e.started_at, e.status = 'RUNNING', e.input, e.started_by
                FROM unnest($1::int8[], $2::text[]) AS k (machine, name)
                JOIN braid.execution_names AS n ON n.state_machine_id = k.machine AND n.name = k.name
                JOIN braid.executions AS e ON e.execution_id = n.execution_id
                """,
                [machines, names]
            ),
        ]
    }

    func taken(_ rows: Rows) throws(PostgresError) -> [ExecutionName: NamedExecution] {
        var taken: [ExecutionName: NamedExecution] = [:]
        for row in rows {
            let name = ExecutionName(machine: StateMachineID(rawValue: try row[0]), name: try row[1])
            taken[name] = NamedExecution(
                id: ExecutionID(try row[2]),
                startedAt: Timestamp(microseconds: try row[3]),
                isRunning: try row[4],
                input: JSONText(trusted: try row[5]),
                startedBy: try row[6]
            )
        }
        return taken
    }
}
