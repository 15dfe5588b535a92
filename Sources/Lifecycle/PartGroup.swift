import Synchronization
package import Telemetry

/// Runs parts: started in order, each when the one before it is ready, and stopped in reverse order, each when the one
/// after it has ended.
///
/// The first failure stops the others and is rethrown. Draining everything may take `grace`; what still runs then is
/// cancelled. A group is a ``Runnable``, so groups nest.
package final class PartGroup: Runnable {
    private enum Event: Sendable {
        case stopAsked
        case ready(Int, failure: (any Error)?)
        case ended(Int, failure: (any Error)?)
        case stopped
        case graceOver
    }

    private let parts: [Part]
    private let grace: Duration
    private let log: Logger
    private let stopAsked = Gate()
    private let allReady = Gate()

    /// A group that is not running yet.
    ///
    /// - Parameters:
    ///   - parts: In the order in which they start.
    ///   - grace: How long draining all of them may take.
    ///   - log: Where starts, stops and overruns are told.
    package init(_ parts: [Part], grace: Duration = .seconds(25), log: Logger = Logger(label: "lifecycle")) {
        self.parts = parts
        self.grace = grace
        self.log = log
    }

    /// Whether every part is ready.
    package var isReady: Bool { allReady.isOpen && !stopAsked.isOpen }

    /// Returns when every part is ready.
    package func ready() async throws { try await allReady.wait() }

    /// Asks all parts to drain, in reverse order; ``run()`` returns when the last has.
    package func stop() { stopAsked.open() }

    package func run() async throws {
        guard !stopAsked.isOpen else { return }
        var course = Course(parts: parts, grace: grace, log: log)
        let failure = await withTaskGroup(of: Event.self) { group in
            let asked = stopAsked
            group.addTask {
                try? await asked.wait()
                return .stopAsked
            }
            if !parts.isEmpty { course.start(0, in: &group) } else { allReady.open() }
            while !course.isOver, let event = await group.next() {
                if course.take(event, in: &group) { allReady.open() }
            }
            group.cancelAll()
            return course.failure
        }
        if let failure { throw failure }
    }

    /// Where one run stands.
    private struct Course {
        let parts: [Part]
        let grace: Duration
        let log: Logger
        var running: Set<Int> = []
        var startedCount = 0
        var isStopping = false
        var isGraceOver = false
        var failure: (any Error)?

        /// Nothing runs and nothing will.
        var isOver: Bool { running.isEmpty && isStopping }

        mutating func start(_ index: Int, in group: inout TaskGroup<Event>) {
            let part = parts[index]
            log.debug("starting", [("part", part.name)])
            running.insert(index)
            startedCount += 1
            group.addTask {
                do { try await part.runnable.run() } catch { return .ended(index, failure: error) }
                return .ended(index, failure: nil)
            }
            group.addTask {
                do { try await part.ready() } catch { return .ready(index, failure: error) }
                return .ready(index, failure: nil)
            }
        }

        /// Returns `true` when the last part has become ready.
        mutating func take(_ event: Event, in group: inout TaskGroup<Event>) -> Bool {
            switch event {
            case .stopAsked:
                stop(in: &group)
            case .ready(let index, let error):
                guard !isStopping else { return false }
                if let error {
                    fail(error, of: index, in: &group)
                } else if index + 1 < parts.count {
                    start(index + 1, in: &group)
                } else {
                    return true
                }
            case .ended(let index, let error):
                running.remove(index)
                if isStopping {
                    if let error, !(error is CancellationError) { keep(error, of: index) }
                    if !isGraceOver { stopLast(in: &group) }
                } else if let error {
                    fail(error, of: index, in: &group)
                } else if !parts[index].mayEnd {
                    fail(LifecycleError.endedUnasked(part: parts[index].name), of: index, in: &group)
                } else if running.isEmpty && startedCount == parts.count {
                    isStopping = true
                }
            case .stopped:
                break
            case .graceOver:
                guard isStopping, !running.isEmpty else { return false }
                isGraceOver = true
                let names = running.sorted().map { parts[$0].name }.joined(separator: ", ")
                log.warning("draining took too long, cancelling", [("parts", names)])
                group.cancelAll()
                for index in running { stop(index, in: &group) }
            }
            return false
        }

        private mutating func fail(_ error: any Error, of index: Int, in group: inout TaskGroup<Event>) {
            keep(error, of: index)
            stop(in: &group)
        }

        /// The first failure is the one that is rethrown; later ones are told in the log.
        private mutating func keep(_ error: any Error, of index: Int) {
            if failure == nil { failure = error }
            log.error("part failed", [("part", parts[index].name), ("error", "\(error)")])
        }

        private mutating func stop(in group: inout TaskGroup<Event>) {
            guard !isStopping else { return }
            isStopping = true
            let grace = grace
            group.addTask {
                try? await Task.sleep(for: grace)
                return .graceOver
            }
            stopLast(in: &group)
        }

        private func stopLast(in group: inout TaskGroup<Event>) {
            if let last = running.max() { stop(last, in: &group) }
        }

        private func stop(_ index: Int, in group: inout TaskGroup<Event>) {
            let part = parts[index]
            log.debug("stopping", [("part", part.name)])
            group.addTask {
                await part.runnable.stop()
                return .stopped
            }
        }
    }
}
