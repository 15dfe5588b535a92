import Interpreter
import Lifecycle
package import Store
import Synchronization
package import Telemetry
package import Tracing

/// Tells of executions in spans: after each commit of this process, those that the commit has ended.
///
/// What began them may have been committed by others, or by a process that is dead, so they are made of the history, which
/// says it all: read beside the engine, many executions by one statement. Whoever commits a span's end sends it, so that each
/// is sent once, whatever workers an execution went through. Ids follow from the execution and its events (``SpanIDs``).
/// What cannot be kept in mind or read is dropped and counted; nothing ever waits for it.
package final class TraceFeed: Runnable {
    /// What is to be sent of an execution.
    private struct Wanted: Sendable {
        /// The events that this process has committed.
        var events: [ClosedRange<Int>] = []
        /// Whether it was this process that ended it from outside.
        var isEnder = false

        var last: Int { isEnder ? .max : events.last?.upperBound ?? 0 }

        func owns(_ event: Int, isEnd: Bool) -> Bool {
            isEnd && isEnder || events.contains { $0.contains(event) }
        }
    }

    private struct State {
        var wanted: [ExecutionID: Wanted] = [:]
        var order: [ExecutionID] = []
    }

    /// How many executions wait to be read at most, how many are read at once, and how many are kept in mind between.
    private static let mostWanted = 50_000
    private static let atOnce = 100
    private static let mostKept = 2_000
    /// How many rows of an execution's history are read at once.
    private static let rows = 500

    private let store: Store
    private let arns: ARNs
    private let exporter: SpanExporter
    private let logger: Logger
    private let state = Mutex(State())
    private let (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    package init(store: Store, arns: ARNs, exporter: SpanExporter, logger: Logger) {
        self.store = store
        self.arns = arns
        self.exporter = exporter
        self.logger = logger
    }

    // MARK: What commits tell

    /// Takes note of what was committed.
    func note(_ submission: Submission, _ answer: Answer) {
        switch (submission, answer) {
        case (.start(let start), .started(let committed)): note(start.id, start.transition, committed)
        case (.transition(let one), .committed(let committed)): note(one.key.execution, one.transition, committed)
        case (.children(let children), .childrenStarted(let all)):
            for (start, committed) in zip(children.starts, all) { note(start.id, start.transition, committed) }
        case (.stop(let stop), .stopped): want(stop.execution) { $0.isEnder = true }
        default: break
        }
    }

    private func note(_ id: ExecutionID, _ transition: Transition, _ committed: Committed) {
        guard committed.firstEventID > 0, committed.lastEventID >= committed.firstEventID,
            transition.events.contains(where: { Self.ending.contains($0.type) })
        else { return }
        want(id) { $0.events.append(committed.firstEventID...committed.lastEventID) }
    }

    /// The events that end a span.
    private static let ending = Set(
        HistoryEventType.allCases.filter { type in
            ["Exited", "Succeeded", "Failed", "TimedOut", "Aborted"].contains { type.rawValue.hasSuffix($0) }
        }
    )

    private func want(_ id: ExecutionID, _ change: (inout Wanted) -> Void) {
        let isFull = state.withLock { state in
            if state.wanted[id] == nil {
                guard state.order.count < Self.mostWanted else { return true }
                state.order.append(id)
            }
            change(&state.wanted[id, default: Wanted()])
            return false
        }
        if isFull { exporter.drop(1) }
        signal.yield()
    }

    // MARK: What is read

    package func run() async throws {
        var kept: [ExecutionID: SpanShare] = [:]
        for await _ in signals {
            await readAll(&kept, isLast: false)
            // What comes together is read together.
            try? await Task.sleep(for: .milliseconds(100))
        }
        await readAll(&kept, isLast: true)
    }

    package func stop() { signal.finish() }

    private func readAll(_ kept: inout [ExecutionID: SpanShare], isLast: Bool) async {
        while !Task.isCancelled {
            let wanted = state.withLock { state in
                let ids = state.order.prefix(Self.atOnce)
                state.order.removeFirst(ids.count)
                var taken: [ExecutionID: Wanted] = [:]
                for id in ids { taken[id] = state.wanted.removeValue(forKey: id) }
                return taken
            }
            guard !wanted.isEmpty else { return }
            do {
                try await read(wanted, &kept)
            } catch {
                exporter.drop(wanted.count)
                logger.debug("executions are not told of in spans", [("reason", "\(error)")])
                if !isLast { try? await Task.sleep(for: .seconds(1)) }
            }
            if kept.count > Self.mostKept { kept = [:] }
        }
    }

    private func read(
        _ wanted: [ExecutionID: Wanted],
        _ kept: inout [ExecutionID: SpanShare]
    ) async throws(StoreError) {
        for identity in try await store.identities(of: wanted.keys.filter { kept[$0] == nil }) {
            kept[identity.id] = SpanShare(of: subject(identity))
        }
        var open = wanted.filter { kept[$0.key] != nil }
        while !open.isEmpty {
            let positions = open.reduce(into: [:]) { $0[$1.key] = kept[$1.key]?.position ?? 0 }
            let read = try await store.readOutlines(after: positions, limit: Self.rows)
            for (id, one) in open {
                guard var share = kept[id] else { continue }
                share.take(read[id] ?? [])
                exporter.add(share.claim { one.owns($0, isEnd: $1) })
                // What is told of afterwards, of one that is over, is read again from its start.
                kept[id] = share.isOver ? nil : share
                if read[id] == nil || share.isOver || share.position >= one.last { open[id] = nil }
            }
        }
    }

    private func subject(_ identity: ExecutionIdentity) -> SpanSubject {
        SpanSubject(
            id: identity.id,
            arn: arns.execution(identity.name, of: identity.machineName).description,
            stateMachineARN: arns.stateMachine(identity.machineName).description,
            stateMachineName: identity.machineName,
            traceHeader: identity.traceHeader
        )
    }

    // MARK: Executions without a history

    /// Sends the spans that an execution's events end, of one that only this process knows.
    func send(_ ended: [SpanAssembler.Ended]) { exporter.add(ended.map(\.span)) }
}
