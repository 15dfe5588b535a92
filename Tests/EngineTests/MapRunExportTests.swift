import Engine
import Foundation
import JSON
import Objects
import Postgres
import Store
import Synchronization
import Testing
import TestSupport

@Suite("The export of a Distributed Map's results", .database)
struct MapRunExportTests {
    /// A folder of objects with the bucket `b`, of which `rows.jsonl` has some lines.
    private struct Folder {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("braid-export-\(UUID().uuidString)")

        init(_ lines: [String]) throws {
            let bucket = path.appendingPathComponent("b")
            try FileManager.default.createDirectory(at: bucket, withIntermediateDirectories: true)
            let text = lines.map { "\($0)\n" }.joined()
            try Data(text.utf8).write(to: bucket.appendingPathComponent("rows.jsonl"))
        }

        func settings(givesUp: Bool = true) -> EngineSettings {
            var settings = EngineSettings()
            settings.objects = UnreliableObjects(DirectoryObjects(root: path.path), givesUp: givesUp)
            return settings
        }

        /// The uploads that have begun and neither been completed nor given up.
        var unfinished: [String] {
            let folder = path.appendingPathComponent("b/.braid-unfinished").path
            return (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        }

        func json(_ key: String) throws -> JSONValue {
            try JSONValue(parsing: Array(Data(contentsOf: path.appendingPathComponent("b/\(key)"))))
        }
    }

    private static func machine(_ fields: String = "", type: String = "EXPRESS") -> String {
        """
        {"StartAt": "M", "States": {"M": {"Type": "Map", "Label": "L", \(fields.isEmpty ? "" : fields + ",")
            "ItemReader": {"Resource": "arn:aws:states:::s3:getObject",
                "Parameters": {"Bucket": "b", "Key": "rows.jsonl"}, "ReaderConfig": {"InputType": "JSONL"}},
            "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "\(type)"},
                "StartAt": "X", "States": {"X": {"Type": "Task", "Resource": "\(EngineFixture.arn("work"))",
                "End": true}}},
            "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject",
                "Parameters": {"Bucket": "b", "Prefix": "p"}}, "End": true}}}
        """
    }

    private func only(_ fixture: EngineFixture, of id: ExecutionID) async throws -> MapRunRecord {
        try #require(try await fixture.store.listMapRuns(of: id, after: nil, limit: 10).first)
    }

    private func until(_ what: Comment, _ holds: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while try await !holds(), ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(20)) }
        #expect(try await holds(), what)
    }

    /// Results of 24 MB, of which the last one comes when it may.
    private final class LargeResults: Sendable {
        static let rows = (0..<120).map { "\($0)" }
        let mayEnd = Mutex(false)

        var functions: [String: EngineFixture.Function] {
            let text = JSONValue.string(String(repeating: "x", count: 200_000))
            return [
                "work": { item in
                    while item.int == 119, !self.mayEnd.withLock({ $0 }), !Task.isCancelled {
                        try? await Task.sleep(for: .milliseconds(10))
                    }
                    return text
                }
            ]
        }
    }

    @Test("gives its uploads up when the execution is stopped", .timeLimit(.minutes(2)))
    func stopped() async throws {
        let folder = try Folder(LargeResults.rows)
        let fixture = try await EngineFixture.make(LargeResults().functions, settings: folder.settings())
        try await fixture.run { fixture in
            let id = try await fixture.start(Self.machine(#""MaxConcurrency": 20"#))
            try await until("an upload has begun") { !folder.unfinished.isEmpty }
            _ = try await fixture.engine.stopExecution(id, error: nil, cause: nil)
            try await until("no upload is left") { folder.unfinished.isEmpty }
            #expect(try await only(fixture, of: id).status == .aborted)
        }
    }

    @Test("gives its uploads up when its worker stops", .timeLimit(.minutes(2)))
    func handedBack() async throws {
        try await leave(Folder(LargeResults.rows), givingUp: true) { _, _, folder, _ in
            #expect(folder.unfinished.isEmpty)
        }
    }

    @Test("gives up what a worker that died had begun to upload, and makes it anew", .timeLimit(.minutes(2)))
    func takenOver() async throws {
        try await leave(Folder(LargeResults.rows), givingUp: false) { fixture, id, folder, work in
            #expect(folder.unfinished.count == 1)
            try await goOn(fixture, id, folder, work)
        }
    }

    @Test("gives up what a worker had begun to upload that died, although the run is over", .timeLimit(.minutes(2)))
    func stoppedBehindADeadWorker() async throws {
        try await leave(Folder(LargeResults.rows), givingUp: false, stopping: true) { fixture, id, folder, _ in
            try await fixture.run { fixture in
                try await until("no upload is left") { folder.unfinished.isEmpty }
                try await until("nothing is noted of it") { try await only(fixture, of: id).uploads == nil }
                #expect(try await only(fixture, of: id).status == .aborted)
            }
        }
    }

    /// Has a worker begin to upload and stop, and goes on with another, whose store does all it should.
    private func leave(
        _ folder: Folder,
        givingUp: Bool,
        stopping: Bool = false,
        _ body: (EngineFixture, ExecutionID, Folder, LargeResults) async throws -> Void
    ) async throws {
        let work = LargeResults()
        let first = try await EngineFixture.make(work.functions, settings: folder.settings(givesUp: givingUp))
        let started = Mutex<ExecutionID?>(nil)
        try await first.run { fixture in
            let id = try await fixture.start(Self.machine(#""MaxConcurrency": 20"#))
            started.withLock { $0 = id }
            try await until("an upload has begun") { !folder.unfinished.isEmpty }
            try await until("it is noted") { try await only(fixture, of: id).uploads != nil }
            if stopping { _ = try await fixture.engine.stopExecution(id, error: nil, cause: nil) }
        }
        let id = try #require(started.withLock { $0 })
        let second = try await EngineFixture.make(work.functions, settings: folder.settings())
        try await body(second, id, folder, work)
    }

    private func goOn(
        _ fixture: EngineFixture,
        _ id: ExecutionID,
        _ folder: Folder,
        _ work: LargeResults
    ) async throws {
        work.mayEnd.withLock { $0 = true }
        try await fixture.run { fixture in
            let end = try await fixture.end(of: id)
            #expect(end.status == "SUCCEEDED", "\(end)")
            #expect(folder.unfinished.isEmpty)
            let run = try await only(fixture, of: id)
            #expect(run.uploads == nil)
            #expect(run.hasWrittenResults)
            #expect(try folder.json("p/\(run.id)/SUCCEEDED_0.json").array?.count == 120)
        }
    }

    @Test(
        "says that more items failed than may, and what there is, although no more items can be read",
        arguments: ["STANDARD", "EXPRESS"]
    )
    func unreadablePending(type: String) async throws {
        let folder = try Folder(["0", "1", "2", "3", "{bad"])
        let work: EngineFixture.Function = { item throws(EngineFixture.FunctionFailure) in
            if item.int == 1 { throw EngineFixture.FunctionFailure(error: "E") }
            return item
        }
        let fixture = try await EngineFixture.make(["work": work], settings: folder.settings())
        try await fixture.run { fixture in
            let id = try await fixture.start(Self.machine(#""MaxConcurrency": 1"#, type: type))
            #expect(try await fixture.end(of: id).error == "States.ExceedToleratedFailureThreshold")
            let run = try await only(fixture, of: id)
            #expect(run.hasWrittenResults)
            let files = try folder.json("p/\(run.id)/manifest.json")["ResultFiles"]
            for kind in ["SUCCEEDED", "FAILED", "PENDING"] {
                #expect(files?[kind]?.array?.count == 1, "\(kind)")
            }
            let pending = try folder.json("p/\(run.id)/PENDING_0.json").array?.compactMap { $0["Input"]?.string }
            #expect(pending == ["2", "3"])
        }
    }
}
