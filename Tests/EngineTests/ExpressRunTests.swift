import Engine
import Foundation
import JSON
import Objects
import Postgres
import Store
import Synchronization
import Testing
import TestSupport

@Suite("Children in memory of a Distributed Map", .database)
struct ExpressRunTests {
    private static func machine(_ fields: String) -> String {
        """
        {"StartAt": "M", "States": {"M": {"Type": "Map", "Label": "L", \(fields),
            "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
            "StartAt": "X", "States": {"X": {"Type": "Task", "Resource": "\(EngineFixture.arn("work"))", "End": true}}},
            "End": true}}}
        """
    }

    /// Work that notes what it is called for, and does not end for some items until it is let go.
    private final class Work: Sendable {
        private struct State {
            var calls: [Int: Int] = [:]
            var isLetGo = false
        }

        private let state = Mutex(State())
        private let isHeld: @Sendable (Int) -> Bool

        init(holding isHeld: @escaping @Sendable (Int) -> Bool) { self.isHeld = isHeld }

        /// How often each item was worked on.
        var calls: [Int: Int] { state.withLock { $0.calls } }

        func letGo() { state.withLock { $0.isLetGo = true } }

        var function: EngineFixture.Function {
            { item throws(EngineFixture.FunctionFailure) in
                let number = item.int ?? -1
                self.state.withLock { $0.calls[number, default: 0] += 1 }
                while self.isHeld(number), !self.state.withLock({ $0.isLetGo }), !Task.isCancelled {
                    try? await Task.sleep(for: .milliseconds(10))
                }
                if number < 0 { throw EngineFixture.FunctionFailure(error: "E") }
                return item
            }
        }
    }

    private func text(_ items: some Sequence<Int>) -> String { "\(Array(items))" }

    @Test("are told of while they run")
    func told() async throws {
        let work = Work { $0 > 0 }
        let fixture = try await EngineFixture.make(["work": work.function])
        try await fixture.run { fixture in
            let id = try await fixture.start(Self.machine(#""MaxConcurrency": 2"#), input: text(0..<6))
            let run = try await fixture.mapRun(of: id) { $0.counts.items.succeeded == 1 && $0.inMemory.children == 2 }
            #expect(run.totalItems == 6)
            #expect(run.openChildren == 2)
            #expect(run.begunItems == 3)
            work.letGo()
            #expect(try await fixture.end(of: id).output == "[0,1,2,3,4,5]")
            let end = try await fixture.onlyMapRun(of: id)
            #expect(end.begunItems == 6)
            #expect(end.openChildren == 0)
        }
    }

    @Test("are as many at once as their run may have by now, and end once more have failed than may by now")
    func updated() async throws {
        let work = Work { $0 > 0 }
        let fixture = try await EngineFixture.make(["work": work.function])
        try await fixture.run { fixture in
            let fields = #""MaxConcurrency": 1, "ToleratedFailureCount": 10"#
            let id = try await fixture.start(Self.machine(fields), input: "[-1,-2,1,2,3,4,5,6]")
            let run = try await fixture.mapRun(of: id) { $0.counts.items.failed == 2 }
            #expect(work.calls.count <= 3)
            func update(concurrency: Int?, failures: Int?) async throws {
                let goesOn = try await fixture.store.updateMapRun(
                    run.id,
                    maxConcurrency: concurrency,
                    toleratedFailures: failures,
                    toleratedPercentage: nil
                )
                try #require(goesOn)
            }
            try await update(concurrency: 4, failures: nil)
            try await waitUntil(within: .seconds(60)) { work.calls.count == 6 }
            try await update(concurrency: nil, failures: 1)
            let end = try await fixture.end(of: id, within: .seconds(60))
            #expect(end.error == "States.ExceedToleratedFailureThreshold")
            let counts = try await fixture.onlyMapRun(of: id).counts.items
            #expect(counts.failed == 2)
            #expect(counts.aborted == 4)
        }
    }

    @Test("do not wait for a slow one in front of them")
    func straggler() async throws {
        let work = Work { $0 == 0 }
        let fixture = try await EngineFixture.make(["work": work.function])
        try await fixture.run { fixture in
            let id = try await fixture.start(Self.machine(#""MaxConcurrency": 2"#), input: text(0..<5_000))
            _ = try await fixture.mapRun(of: id) { $0.counts.items.succeeded == 4_999 }
            work.letGo()
            let output = try await fixture.end(of: id, within: .seconds(60)).output
            #expect(output == text(0..<5_000).filter { $0 != " " })
            #expect(work.calls.values.allSatisfy { $0 == 1 })
        }
    }

    @Test("that succeeded behind one that had not when their execution was stopped are not run again by its redrive")
    func stopped() async throws {
        let work = Work { [0, 4, 5].contains($0) }
        let fixture = try await EngineFixture.make(["work": work.function])
        try await fixture.run { fixture in
            let id = try await fixture.start(Self.machine(#""MaxConcurrency": 3"#), input: text(0..<8))
            let running = try await fixture.mapRun(of: id) {
                $0.counts.items.succeeded == 3 && $0.inMemory.children == 3
            }
            _ = try await fixture.engine.stopExecution(id, error: nil, cause: nil)
            let stopped = try await fixture.onlyMapRun(of: id)
            #expect(stopped.counts.items.aborted == 3)
            #expect(stopped.begunItems == 6)
            work.letGo()

            try await fixture.redrive(id)
            #expect(try await fixture.end(of: id, within: .seconds(60)).output == "[0,1,2,3,4,5,6,7]")
            #expect(work.calls == [0: 2, 1: 1, 2: 1, 3: 1, 4: 2, 5: 2, 6: 1, 7: 1])
            let run = try await fixture.onlyMapRun(of: id)
            #expect(run.id == running.id)
            #expect(run.counts.items.succeeded == 8)
            #expect(run.counts.items.total == 8)
        }
    }

    @Test("keep their results where the reader of their items fails behind them")
    func brokenFile() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("braid-maps-\(UUID().uuidString)")
        let bucket = folder.appendingPathComponent("b")
        try FileManager.default.createDirectory(at: bucket, withIntermediateDirectories: true)
        let lines = (0..<5).map { "\($0)\n" }.joined() + "{broken\n"
        try Data(lines.utf8).write(to: bucket.appendingPathComponent("rows.jsonl"))
        var settings = EngineSettings()
        settings.objects = DirectoryObjects(root: folder.path)
        let work = Work { _ in false }
        let fixture = try await EngineFixture.make(["work": work.function], settings: settings)
        try await fixture.run { fixture in
            let fields = """
                "MaxConcurrency": 1, "ItemReader": {"Resource": "arn:aws:states:::s3:getObject",
                  "Parameters": {"Bucket": "b", "Key": "rows.jsonl"}, "ReaderConfig": {"InputType": "JSONL"}}
                """
            let id = try await fixture.start(Self.machine(fields))
            #expect(try await fixture.end(of: id, within: .seconds(60)).error == "States.ItemReaderFailed")
            let run = try await fixture.onlyMapRun(of: id)
            #expect(run.counts.items.total == work.calls.count)
            #expect(run.counts.items.succeeded == 5)
            #expect(run.status == .failed)
        }
    }
}
