import Engine
import Foundation
import JSON
import Objects
import Postgres
import Store
import Synchronization
import Testing
import TestSupport

@Suite("The result files of a redriven Distributed Map", .database)
struct RedrivenResultsTests {
    /// A folder of objects with the bucket `b`.
    private struct Folder {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("braid-results-\(UUID().uuidString)")

        init() throws {
            let bucket = path.appendingPathComponent("b")
            try FileManager.default.createDirectory(at: bucket, withIntermediateDirectories: true)
        }

        var settings: EngineSettings {
            var settings = EngineSettings()
            settings.objects = DirectoryObjects(root: path.path)
            return settings
        }

        func json(_ key: String) throws -> JSONValue {
            try JSONValue(parsing: Array(Data(contentsOf: path.appendingPathComponent("b/\(key)"))))
        }

        /// The inputs of what the files hold that the manifest of a run lists, by the names of the files.
        func listed(_ run: MapRunRecord) throws -> [String: [Int]] {
            var listed: [String: [Int]] = [:]
            let files = try #require(try json("p/\(run.id)/manifest.json")["ResultFiles"]?.object)
            for file in files.flatMap({ $0.value.array ?? [] }) {
                let key = try #require(file["Key"]?.string)
                let name = String(key.dropFirst("p/\(run.id)/".count))
                let size = try Data(contentsOf: path.appendingPathComponent("b/\(key)")).count
                #expect(file["Size"]?.int == size)
                #expect(listed[name] == nil, "\(name) is listed twice")
                listed[name] = try json(key).array?.compactMap { $0["Input"]?.string.flatMap { Int($0) } }
            }
            return listed
        }
    }

    /// Work that fails for some items, and does not end for others, until it is told otherwise.
    private final class Work: Sendable {
        private struct State {
            var failing: Set<Int>
            var held: Set<Int>
        }

        private let state: Mutex<State>

        init(failing: Set<Int> = [], holding held: Set<Int> = []) {
            state = Mutex(State(failing: failing, held: held))
        }

        func go(failing: Set<Int> = [], holding held: Set<Int> = []) {
            state.withLock { $0 = State(failing: failing, held: held) }
        }

        var functions: [String: EngineFixture.Function] {
            let work: EngineFixture.Function = { item throws(EngineFixture.FunctionFailure) in
                let number = item.int ?? -1
                while self.state.withLock({ $0.held.contains(number) }), !Task.isCancelled {
                    try? await Task.sleep(for: .milliseconds(5))
                }
                if self.state.withLock({ $0.failing.contains(number) }) {
                    throw EngineFixture.FunctionFailure(error: "E")
                }
                return item
            }
            return ["work": work]
        }
    }

    private static func machine(_ type: String, atOnce: Int = 1, exports: Bool = true) -> String {
        let writer = """
            "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "b", "Prefix": "p"}},
            """
        return """
            {"StartAt": "M", "States": {"M": {"Type": "Map", "Label": "L", "MaxConcurrency": \(atOnce),
                "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "\(type)"},
                "StartAt": "X", "States": {"X": {"Type": "Task", "Resource": "\(EngineFixture.arn("work"))", "End": true}}},
                \(exports ? writer : "")
                "End": true}}}
            """
    }

    private static let threshold = "States.ExceedToleratedFailureThreshold"

    private func end(_ fixture: EngineFixture, of id: ExecutionID) async throws -> EngineFixture.End {
        try await fixture.end(of: id, within: .seconds(60))
    }

    @Test("are those of earlier attempts, and what has succeeded since", arguments: ["STANDARD", "EXPRESS"])
    func added(type: String) async throws {
        let folder = try Folder()
        let work = Work(failing: [1, 2])
        let fixture = try await EngineFixture.make(work.functions, settings: folder.settings)
        try await fixture.run { fixture in
            let id = try await fixture.start(Self.machine(type), input: "[10,1,12,2,14]")
            #expect(try await end(fixture, of: id).error == Self.threshold)
            let run = try await fixture.onlyMapRun(of: id)
            let first = ["SUCCEEDED_0.json": [10]]
            let failed = ["FAILED_0.json": [1], "PENDING_0.json": [12, 2, 14]]
            #expect(try folder.listed(run) == first.merging(failed) { $1 })

            work.go(failing: [2])
            try await fixture.redrive(id)
            #expect(try await end(fixture, of: id).error == Self.threshold)
            let second = first.merging(["Redrive-1/SUCCEEDED_0.json": [1, 12]]) { $1 }
            let failedAgain = ["Redrive-1/FAILED_0.json": [2], "Redrive-1/PENDING_0.json": [14]]
            #expect(try folder.listed(run) == second.merging(failedAgain) { $1 })

            // What is there is not asked: people may have moved it.
            try FileManager.default.removeItem(at: folder.path.appendingPathComponent("b/p/\(run.id)/manifest.json"))
            work.go()
            try await fixture.redrive(id)
            let output = JSONText(trusted: try #require(try await end(fixture, of: id).output)).value
            #expect(output["ResultWriterDetails"]?["Key"]?.string == "p/\(run.id)/manifest.json")
            let third = second.merging(["Redrive-2/SUCCEEDED_0.json": [2, 14]]) { $1 }
            #expect(try folder.listed(run) == third)
        }
    }

    @Test("hold anew what succeeded in an attempt that was stopped", arguments: ["STANDARD", "EXPRESS"])
    func stopped(type: String) async throws {
        let folder = try Folder()
        let work = Work(failing: [1])
        let fixture = try await EngineFixture.make(work.functions, settings: folder.settings)
        try await fixture.run { fixture in
            let id = try await fixture.start(Self.machine(type), input: "[10,1,12,3]")
            #expect(try await end(fixture, of: id).error == Self.threshold)

            work.go(holding: [3])
            try await fixture.redrive(id)
            _ = try await fixture.mapRun(of: id) { $0.counts.items.succeeded == 3 && $0.openChildren == 1 }
            _ = try await fixture.engine.stopExecution(id, error: nil, cause: nil)
            let run = try await fixture.onlyMapRun(of: id)
            #expect(run.status == .aborted)
            #expect(!run.hasWrittenResults)

            work.go()
            try await fixture.redrive(id)
            #expect(try await end(fixture, of: id).status == "SUCCEEDED")
            #expect(
                try folder.listed(run) == ["SUCCEEDED_0.json": [10], "Redrive-2/SUCCEEDED_0.json": [1, 12, 3]]
            )
        }
    }

    @Test("leave the Map's result whole where the redrive's revision writes none", arguments: ["STANDARD", "EXPRESS"])
    func unexported(type: String) async throws {
        let folder = try Folder()
        let work = Work(failing: [1])
        let fixture = try await EngineFixture.make(work.functions, settings: folder.settings)
        try await fixture.run { fixture in
            let machine = try await fixture.machine(Self.machine(type))
            let id = try await fixture.start(machine, input: "[10,1,12]")
            #expect(try await end(fixture, of: id).error == Self.threshold)

            let content = RevisionContent(definition: Self.machine(type, exports: false), roleARN: machine.roleARN)
            let later = try await fixture.store.updateStateMachine(machine.id, from: machine.revisionID, to: content)
            work.go()
            try await fixture.redrive(id, revision: try #require(later).revisionID)
            #expect(try await end(fixture, of: id).output == "[10,1,12]")
        }
    }

    @Test("are the same where another worker goes on with the redrive", arguments: ["STANDARD", "EXPRESS"])
    func takenOver(type: String) async throws {
        let folder = try Folder()
        let work = Work(failing: [1])
        try await takeOver(in: folder, work) { fixture in
            let id = try await fixture.start(Self.machine(type), input: "[10,1,12,3,14]")
            #expect(try await end(fixture, of: id).error == Self.threshold)
            work.go(holding: [3])
            try await fixture.redrive(id)
            _ = try await fixture.mapRun(of: id) { $0.counts.items.succeeded == 3 && $0.openChildren == 1 }
            return id
        } handingBack: {
            work.go()
        } then: { fixture, id in
            #expect(try await end(fixture, of: id).status == "SUCCEEDED")
            let listed = try folder.listed(try await fixture.onlyMapRun(of: id))
            #expect(listed == ["SUCCEEDED_0.json": [10], "Redrive-1/SUCCEEDED_0.json": [1, 12, 3, 14]])
        }
    }

    /// Has an execution that a first worker sees to go on at another.
    ///
    /// - Parameters:
    ///   - folder: The objects.
    ///   - work: What both do.
    ///   - begin: Brings it to where the first stops.
    ///   - handingBack: What is done as soon as the first sees to its run no more, and only ends what has begun.
    ///   - body: What is done with the other.
    /// - Throws: What they throw.
    private func takeOver(
        in folder: Folder,
        _ work: Work,
        _ begin: (EngineFixture) async throws -> ExecutionID,
        handingBack: @escaping @Sendable () -> Void,
        then body: (EngineFixture, ExecutionID) async throws -> Void
    ) async throws {
        let first = try await EngineFixture.make(work.functions, settings: folder.settings)
        let begun = Mutex<(id: ExecutionID, stop: Task<Void, any Error>)?>(nil)
        try await first.run { fixture in
            let id = try await begin(fixture)
            let stop = Task {
                try await waitUntil(within: .seconds(60)) {
                    try await fixture.store.pool.query(
                        "SELECT 1 FROM braid.branches WHERE phase = 'D' AND worker IS NOT NULL"
                    ).isEmpty
                }
                handingBack()
            }
            begun.withLock { $0 = (id, stop) }
        }
        let (id, stop) = try #require(begun.withLock { $0 })
        try await stop.value
        try await EngineFixture.make(work.functions, settings: folder.settings).run { try await body($0, id) }
    }

    @Test("have each item once, also where results had been kept behind one that had none when its worker stopped")
    func behindAGap() async throws {
        let folder = try Folder()
        let work = Work(failing: [0], holding: [0, 1])
        let items = Array(0..<12)
        try await takeOver(in: folder, work) { fixture in
            let id = try await fixture.start(Self.machine("EXPRESS", atOnce: 10), input: "\(items)")
            let run = try await fixture.mapRun(of: id) { $0.counts.items.succeeded == 10 }
            // So that nobody comes to what is kept before the first has failed.
            let goesOn = try await fixture.store.updateMapRun(
                run.id,
                maxConcurrency: 1,
                toleratedFailures: nil,
                toleratedPercentage: nil
            )
            try #require(goesOn)
            return id
        } handingBack: {
            work.go(failing: [0])
        } then: { fixture, id in
            #expect(try await end(fixture, of: id).error == Self.threshold)
            let run = try await fixture.onlyMapRun(of: id)
            let kept = ["SUCCEEDED_0.json": Array(2..<12)]
            let others = ["FAILED_0.json": [0], "PENDING_0.json": [1]]
            #expect(try folder.listed(run) == kept.merging(others) { $1 })

            work.go(failing: [1])
            try await fixture.redrive(id)
            #expect(try await end(fixture, of: id).error == Self.threshold)
            work.go()
            try await fixture.redrive(id)
            #expect(try await end(fixture, of: id).status == "SUCCEEDED")
            let later = ["Redrive-1/SUCCEEDED_0.json": [0], "Redrive-2/SUCCEEDED_0.json": [1]]
            #expect(try folder.listed(run) == kept.merging(later) { $1 })
        }
    }

    @Test("are not those of an attempt that went on after its export", arguments: ["STANDARD", "EXPRESS"])
    func takenBack(type: String) async throws {
        let folder = try Folder()
        let work = Work(holding: [3])
        try await takeOver(in: folder, work) { fixture in
            let id = try await fixture.start(Self.machine(type), input: "[1,2,3,4]")
            _ = try await fixture.mapRun(of: id) { $0.counts.items.succeeded == 2 && $0.openChildren == 1 }
            // As whoever exported all leaves it that dies before it told the end.
            _ = try await fixture.store.pool.query(
                """
                UPDATE braid.map_runs SET results_written = true,
                    exported = '[{"Redrive": 0, "Children": 4, "Files": [{"Key": "p/none.json", "Size": 2}]}]'
                """
            )
            return id
        } handingBack: {
            work.go(holding: [4])
        } then: { fixture, id in
            try await waitUntil(within: .seconds(60)) { try await !fixture.onlyMapRun(of: id).hasWrittenResults }
            #expect(try await fixture.onlyMapRun(of: id).exported == nil)
            _ = try await fixture.engine.stopExecution(id, error: nil, cause: nil)
            work.go()
            try await fixture.redrive(id)
            #expect(try await end(fixture, of: id).status == "SUCCEEDED")
            #expect(
                try folder.listed(try await fixture.onlyMapRun(of: id)) == ["Redrive-1/SUCCEEDED_0.json": [1, 2, 3, 4]]
            )
        }
    }
}
