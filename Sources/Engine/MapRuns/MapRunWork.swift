package import Interpreter
import JSON
import StatesLanguage
package import Store
import Tracing

/// What a worker needs to see to a map run, whose branch it holds.
package struct MapRunWork: Sendable {
    package var attempt: AttemptID
    package var request: MapRunRequest
    package var branch: Branch
    package var revision: RevisionID
    package var execution: LeasedExecution
    package var interpreter: Interpreter

    /// The Map state.
    var map: MapState? {
        guard case .map(let map)? = interpreter.definition.state(named: request.state)?.body else { return nil }
        return map
    }

    /// What its children's machine is called in ARNs: the machine's name, whoever's child the execution is itself, and the label.
    var machineName: String { "\(execution.machineName.prefix { $0 != "/" })/\(request.label)" }

    /// Children that are to begin.
    func child(
        _ ordinal: Int,
        _ input: ChildInput,
        of run: MapRunRecord,
        at now: Timestamp,
        trace: TraceContext?
    ) -> NewExecution {
        var new = NewExecution(
            id: run.id.child(ordinal, began: run.startedAt.microseconds / 1_000),
            startedAt: now,
            machine: run.machine,
            machineName: machineName,
            revision: revision,
            roleARN: execution.roleARN,
            name: nil,
            input: input.input,
            traceHeader: trace?.xray
        )
        new.mapRun = run.id
        new.itemCount = input.count
        return new
    }
}

/// Children that begin together, and how far their run is with them.
package struct MapRunChildren: Sendable {
    var work: MapRunWork
    package var new: [NewExecution] = []
    var results: [ChildResults] = []
    var running = ChildrenInMemory()
    var run: MapRunID
    var cursor: String
    var items: Int
    var children: Int
    var total: Int?

    package init(work: MapRunWork, run: MapRunID, cursor: String, items: Int, children: Int, total: Int?) {
        self.work = work
        self.run = run
        self.cursor = cursor
        self.items = items
        self.children = children
        self.total = total
    }
}

/// The input of one child.
struct ChildInput: Sendable {
    var input: JSONText
    /// How many items are in it.
    var count: Int
}
