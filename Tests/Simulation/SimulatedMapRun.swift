import Engine
import Interpreter
import JSON
import StatesLanguage
import Store

/// Sees to a map run whose branch an incarnation holds, as `MapRun` does where the children are executions.
final class SimulatedMapRun {
    /// How many children begin in one transaction.
    static let mostAtOnce = 4

    let id: MapRunID
    private let work: MapRunWork
    private unowned let incarnation: SimulatedIncarnation
    private unowned let process: SimulatedProcess
    private let finish: (WorkerEvent) -> Void
    private var items: [JSONText] = []
    private var isOver = false
    private var isAsleep = false
    private var naps = 0

    /// - Parameters:
    ///   - work: What the run is.
    ///   - incarnation: Who holds its branch.
    ///   - process: In which process.
    ///   - finish: Told what the branch resumes with, or that it is not gone on with here.
    init?(
        _ work: MapRunWork,
        of incarnation: SimulatedIncarnation,
        in process: SimulatedProcess,
        finish: @escaping (WorkerEvent) -> Void
    ) {
        guard let id = MapRunID(work.request.id) else { return nil }
        self.id = id
        self.work = work
        self.incarnation = incarnation
        self.process = process
        self.finish = finish
    }

    /// Goes on with it from where its cursor stands.
    func begin() {
        do {
            var selection = try ItemSelection(
                work.interpreter,
                of: work.branch,
                for: work.request,
                process.simulation.info(work.execution.id, at: work.execution.startedAt, input: work.execution.input)
            )
            for (index, item) in selection.items.enumerated() {
                items.append(try selection.input(index, JSONText(item.value), source: "STATE_DATA"))
            }
            go()
        } catch {
            end(with: .failed(error.failure))
        }
    }

    /// Stops it where it stands.
    func cancel() { leave() }

    /// A child has ended.
    func ring() { if isAsleep { wake() } }

    private func end(with happening: Happening) { end(.mapped(work.attempt, happening)) }

    private func leave() { end(.left(work.attempt)) }

    private func end(_ event: WorkerEvent) {
        guard !isOver else { return }
        isOver = true
        finish(event)
    }

    private func later(_ delay: Duration, _ body: @escaping () -> Void) {
        process.later(delay) { [self] in if !isOver { body() } }
    }

    private func wake() {
        isAsleep = false
        go()
    }

    private func go() {
        process.ask("map run") { store in
            store.mapRuns[self.id].map { ($0, store.counts(of: self.id)) }
        } answer: { [self] answer in
            guard !isOver else { return }
            guard let (row, counts) = answer ?? nil, row.status == nil else { return leave() }
            let failures = counts.failed
            if failures > 0, work.request.isExceeded(by: failures, of: items.count) {
                return stopChildren(then: Failure(error: ErrorName.exceedToleratedFailureThreshold, cause: nil))
            }
            let most = row.maxConcurrency > 0 ? row.maxConcurrency : 100
            let room = min(most - counts.open, 1 + process.simulation.draw(Self.mostAtOnce))
            if room > 0, row.children < items.count || row.total == nil {
                begin(row.children..<min(row.children + room, items.count), of: row)
            } else if row.children == items.count, counts.open == 0 {
                gather()
            } else if incarnation.state.lacksRoom {
                end(.rested(work.attempt, id, for: .seconds(1)))
            } else {
                isAsleep = true
                naps += 1
                let nap = naps
                later(.milliseconds(500)) { if self.isAsleep, self.naps == nap { self.wake() } }
            }
        }
    }

    private func begin(_ range: Range<Int>, of row: ModelStore.MapRunRow) {
        let now = process.clock
        var children = MapRunChildren(
            work: work,
            run: id,
            cursor: "\(range.upperBound)",
            items: range.upperBound,
            children: range.upperBound,
            total: items.count
        )
        for ordinal in range {
            var new = NewExecution(
                id: id.child(ordinal, began: row.startedAt.microseconds / 1_000),
                startedAt: now,
                machine: StateMachineID(rawValue: 1),
                machineName: "machine",
                revision: work.revision,
                roleARN: work.execution.roleARN,
                name: nil,
                input: items[ordinal]
            )
            new.mapRun = id
            new.itemCount = 1
            children.new.append(new)
        }
        incarnation.begin(children) { [self] result in
            guard !isOver else { return }
            guard case .answer(.childrenStarted) = result else { return leave() }
            go()
        }
    }

    private func stopChildren(then failure: Failure) {
        process.ask("running children") { store in
            store.children(of: self.id).filter { $0.end == nil }.map(\.start.id)
        } answer: { [self] running in
            guard !isOver else { return }
            guard let running else { return leave() }
            guard !running.isEmpty else { return end(with: .failed(failure)) }
            for child in running { process.simulation.stop(child, isTimeout: false) }
            later(.milliseconds(50)) { self.stopChildren(then: failure) }
        }
    }

    /// The outputs in the order of the items; of a child that failed, the error.
    private func gather() {
        process.ask("results") { store in
            store.children(of: self.id).map {
                $0.end?.output ?? JSONText(trusted: #""\#($0.end?.failure?.error ?? "")""#)
            }
        } answer: { [self] outputs in
            guard !isOver else { return }
            guard let outputs else { return leave() }
            end(with: .succeeded(.array(of: outputs)))
        }
    }
}

extension MapRunRequest {
    /// Whether more of so many items have failed than may.
    func isExceeded(by failures: Int, of count: Int) -> Bool {
        if toleratedFailures == nil, toleratedPercentage == nil { return failures > 0 }
        if let most = toleratedFailures, failures > most { return true }
        guard let percentage = toleratedPercentage else { return false }
        return Double(failures) * 100 / Double(count) > percentage
    }
}
