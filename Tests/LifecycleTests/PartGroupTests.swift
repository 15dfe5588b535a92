import Lifecycle
import Synchronization
import Telemetry
import Testing

/// Writes down what happens to it, and ends when stopped.
private final class Recorder: Runnable {
    let name: String
    let journal: Journal
    let failure: (any Error)?
    let drains: Bool
    let started = Gate()
    private let stopped = Gate()

    init(_ name: String, _ journal: Journal, failure: (any Error)? = nil, drains: Bool = true) {
        self.name = name
        self.journal = journal
        self.failure = failure
        self.drains = drains
    }

    func run() async throws {
        journal.write("run \(name)")
        started.open()
        if let failure { throw failure }
        if drains { try await stopped.wait() } else { try await Gate().wait() }
        journal.write("end \(name)")
    }

    func stop() {
        journal.write("stop \(name)")
        stopped.open()
    }
}

private final class Journal: Sendable {
    private let stored = Mutex<[String]>([])
    var lines: [String] { stored.withLock { $0 } }
    func write(_ line: String) { stored.withLock { $0.append(line) } }
}

private struct Broken: Error, Equatable {}

@Suite("A group of parts")
struct PartGroupTests {
    private let journal = Journal()
    private let log = Logger(label: "test", sink: CapturingLogSink())

    private func part(_ recorder: Recorder) -> Part {
        Part(recorder.name, recorder) { try await recorder.started.wait() }
    }

    @Test("starts in order, each when the one before is ready, and stops in reverse order")
    func order() async throws {
        let group = PartGroup(["a", "b", "c"].map { part(Recorder($0, journal)) }, log: log)
        async let running: Void = group.run()
        try await group.ready()
        #expect(group.isReady)
        group.stop()
        try await running
        #expect(journal.lines == ["run a", "run b", "run c", "stop c", "end c", "stop b", "end b", "stop a", "end a"])
    }

    @Test("does not lose a stop that was asked before it ran")
    func stoppedBefore() async throws {
        let group = PartGroup([part(Recorder("a", journal))], log: log)
        group.stop()
        try await group.run()
        #expect(journal.lines == [])
    }

    @Test("stops the others at the first failure and throws it")
    func failure() async throws {
        let parts = [Recorder("a", journal), Recorder("b", journal, failure: Broken())].map(part)
        await #expect(throws: Broken.self) { try await PartGroup(parts, log: log).run() }
        #expect(journal.lines == ["run a", "run b", "stop a", "end a"])
    }

    @Test("fails when a part ends unasked")
    func endedUnasked() async throws {
        struct Brief: Runnable {
            func run() async throws {}
            func stop() async {}
        }
        await #expect(throws: LifecycleError.endedUnasked(part: "brief")) {
            try await PartGroup([Part("brief", Brief())], log: log).run()
        }
        try await PartGroup([Part("brief", Brief(), mayEnd: true)], log: log).run()
    }

    @Test("ends when all of its parts that may end have, whichever is the last")
    func endedInAnyOrder() async throws {
        struct Awaiting: Runnable {
            let gate: Gate
            func run() async throws { try await gate.wait() }
            func stop() async {}
        }
        let isOver = Gate()
        let last = Part("last", Awaiting(gate: isOver), mayEnd: true)
        let first = Part("first", Awaiting(gate: isOver), mayEnd: true)
        let brief = Gate()
        brief.open()
        let group = PartGroup([first, last, Part("brief", Awaiting(gate: brief), mayEnd: true)], log: log)
        async let running: Void = group.run()
        try await group.ready()
        isOver.open()
        try await running
    }

    @Test("cancels what has not drained when its grace is over")
    func grace() async throws {
        let parts = [Recorder("a", journal), Recorder("b", journal, drains: false)].map(part)
        let group = PartGroup(parts, grace: .milliseconds(20), log: log)
        async let running: Void = group.run()
        try await group.ready()
        group.stop()
        try await running
        #expect(journal.lines.prefix(3) == ["run a", "run b", "stop b"])
    }

    @Test("fails when a part cannot become ready")
    func notReady() async throws {
        let recorder = Recorder("a", journal)
        let group = PartGroup([Part("a", recorder) { throw Broken() }, part(Recorder("b", journal))], log: log)
        await #expect(throws: Broken.self) { try await group.run() }
        #expect(journal.lines == ["run a", "stop a", "end a"] || journal.lines == ["stop a", "run a", "end a"])
    }
}

@Suite("A gate")
struct GateTests {
    @Test("lets go those who wait and those who come later")
    func opens() async throws {
        let gate = Gate()
        async let waiting: Void = gate.wait()
        gate.open()
        try await waiting
        try await gate.wait()
    }

    @Test("lets go who is cancelled")
    func cancelled() async {
        let gate = Gate()
        let task = Task { try await gate.wait() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
