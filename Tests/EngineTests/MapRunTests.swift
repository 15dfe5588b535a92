import Foundation
import JSON
import Objects
import Postgres
import Store
import Synchronization
import Testing
import TestSupport

@testable import Engine

@Suite("A Distributed Map", .database)
struct MapRunTests {
    /// A Map `M` over the input's `n`, or what its reader reads; its children perform `work`, or pass.
    private static func machine(
        _ fields: String = "",
        type: String = "STANDARD",
        calls function: String? = nil
    ) -> String {
        let state =
            function.map { #"{"Type": "Task", "Resource": "\#(EngineFixture.arn($0))", "End": true}"# }
            ?? #"{"Type": "Pass", "End": true}"#
        return """
            {"StartAt": "M", "States": {"M": {"Type": "Map", "Label": "L", \(fields.isEmpty ? "" : fields + ",")
                "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "\(type)"},
                "StartAt": "X", "States": {"X": \(state)}}, "End": true}}}
            """
    }

    private static let reader = """
        "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "b", "Key": "rows.csv"},
          "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}}
        """

    /// Settings with a folder of objects, in which `b/rows.csv` has so many rows.
    private func settings(rows: Int) throws -> EngineSettings {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("braid-maps-\(UUID().uuidString)")
        let bucket = folder.appendingPathComponent("b")
        try FileManager.default.createDirectory(at: bucket, withIntermediateDirectories: true)
        let text = "id\n" + (0..<rows).map { "\($0)\n" }.joined()
        try Data(text.utf8).write(to: bucket.appendingPathComponent("rows.csv"))
        var settings = EngineSettings()
        settings.objects = DirectoryObjects(root: folder.path)
        return settings
    }

    /// Where calls stand still behind the first so many, until it is opened.
    private final class Stall: Sendable {
        private let state = Mutex((calls: 0, isOpen: false))
        private let most: Int

        init(after most: Int) { self.most = most }

        var isReached: Bool { state.withLock { $0.calls > most } }

        func open() { state.withLock { $0.isOpen = true } }

        func pass() async {
            state.withLock { $0.calls += 1 }
            while isReached, !state.withLock({ $0.isOpen }), !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(10))
            }
        }
    }

    private func only(_ fixture: EngineFixture, of id: ExecutionID) async throws -> MapRunRecord {
        try #require(try await fixture.store.listMapRuns(of: id, after: nil, limit: 10).first)
    }

    @Test("has its children run however many more runs wait for theirs than a worker has room for")
    func waiting() async throws {
        var settings = EngineSettings()
        settings.capacity = 2
        let fixture = try await EngineFixture.make(
            ["double": { .number(JSONNumber(($0.int ?? 0) * 2)) }],
            settings: settings
        )
        try await fixture.run { fixture in
            let processor = """
                {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt"
                """
            let inner = """
                {"Type": "Map", "Label": "I", "End": true, "ItemProcessor": \(processor): "X", "States": {
                    "X": {"Type": "Task", "Resource": "\(EngineFixture.arn("double"))", "End": true}}}}
                """
            let machine = """
                {"StartAt": "M", "States": {"M": {"Type": "Map", "Label": "L", "End": true,
                    "ItemProcessor": \(processor): "N", "States": {"N": \(inner)}}}}}
                """
            let id = try await fixture.start(machine, input: "[[1,2],[3,4],[5,6],[7]]")
            #expect(try await fixture.end(of: id).output == "[[2,4],[6,8],[10,12],[14]]")
        }
    }

    @Test(
        "gives its items to executions of their own, and has their outputs in the items' order",
        arguments: ["STANDARD", "EXPRESS"]
    )
    func outputs(type: String) async throws {
        let fixture = try await EngineFixture.make(["double": { .number(JSONNumber(($0.int ?? 0) * 2)) }])
        try await fixture.run { fixture in
            let id = try await fixture.start(Self.machine(type: type, calls: "double"), input: "[3,1,2]")
            #expect(try await fixture.end(of: id).output == "[6,2,4]")
            let run = try await only(fixture, of: id)
            #expect(run.status == .succeeded)
            #expect(run.counts.executions.succeeded == 3)
            #expect(run.counts.items.succeeded == 3)
            let children = try await fixture.store.listChildren(of: run, limit: 10)
            #expect(children.count == (type == "STANDARD" ? 3 : 0))
        }
    }

    @Test("puts items together into batches, of which the last is short")
    func batches() async throws {
        let fixture = try await EngineFixture.make([:])
        try await fixture.run { fixture in
            let fields = #""ItemBatcher": {"MaxItemsPerBatch": 2, "BatchInput": {"a": 1}}"#
            let id = try await fixture.start(Self.machine(fields), input: "[1,2,3]")
            let expected = #"[{"BatchInput":{"a":1},"Items":[1,2]},{"BatchInput":{"a":1},"Items":[3]}]"#
            #expect(try await fixture.end(of: id).output == expected)
            let run = try await only(fixture, of: id)
            #expect(run.items == 3)
            #expect(run.children == 2)
        }
    }

    @Test(
        "reads a file behind its cursor, and begins a child for every row exactly once",
        arguments: ["STANDARD", "EXPRESS"]
    )
    func rows(type: String) async throws {
        let fixture = try await EngineFixture.make([:], settings: try settings(rows: 2_345))
        try await fixture.run { fixture in
            let id = try await fixture.start(Self.machine(Self.reader, type: type))
            let output = try #require(try await fixture.end(of: id).output)
            let ids = JSONText(trusted: output).value.array?.compactMap { $0["id"]?.string }
            #expect(ids == (0..<2_345).map { "\($0)" })
            #expect(try await only(fixture, of: id).totalItems == 2_345)
        }
    }

    @Test("is gone on with by another worker where the one that saw to it stopped", arguments: ["STANDARD", "EXPRESS"])
    func takenOver(type: String) async throws {
        let stall = Stall(after: 50)
        let work: EngineFixture.Function = { item in
            await stall.pass()
            return item["id"] ?? .null
        }
        let settings = try settings(rows: 200)
        let first = try await EngineFixture.make(["work": work], settings: settings)
        let fields = Self.reader + #", "MaxConcurrency": 20"#
        let id = try await withStarted(first, Self.machine(fields, type: type, calls: "work")) {
            stall.isReached
        } whileStopping: {
            stall.open()
        }
        let second = try await EngineFixture.make(["work": work], settings: settings)
        try await second.run { fixture in
            let end = try await fixture.end(of: id)
            let ids = end.output.flatMap { JSONText(trusted: $0).value.array?.compactMap(\.string) }
            #expect(ids == (0..<200).map { "\($0)" }, "\(end)")
            #expect(try await only(fixture, of: id).counts.items.succeeded == 200)
        }
    }

    /// Starts an execution and stops the engine once something holds.
    private func withStarted(
        _ fixture: EngineFixture,
        _ definition: String,
        until holds: @escaping @Sendable () -> Bool,
        whileStopping release: @escaping @Sendable () -> Void
    ) async throws -> ExecutionID {
        let started = Mutex<ExecutionID?>(nil)
        try await fixture.run { fixture in
            let id = try await fixture.start(definition)
            started.withLock { $0 = id }
            let deadline = ContinuousClock.now + .seconds(20)
            while !holds(), ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(5)) }
            release()
        }
        return try #require(started.withLock { $0 })
    }

    @Test("fails once more items have failed than may, and stops what runs")
    func threshold() async throws {
        let work: EngineFixture.Function = { item throws(EngineFixture.FunctionFailure) in
            if item.int ?? 0 < 2 { throw EngineFixture.FunctionFailure(error: "E") }
            try? await Task.sleep(for: .seconds(60))
            return item
        }
        let fixture = try await EngineFixture.make(["work": work])
        try await fixture.run { fixture in
            let fields = #""ToleratedFailureCount": 1"#
            let id = try await fixture.start(Self.machine(fields, calls: "work"), input: "[0,1,2,3]")
            let end = try await fixture.end(of: id)
            #expect(end.error == "States.ExceedToleratedFailureThreshold")
            #expect(end.cause == "The specified tolerated failure threshold was exceeded")
            let run = try await only(fixture, of: id)
            #expect(run.status == .failed)
            #expect(run.counts.executions.failed == 2)
            #expect(run.counts.executions.aborted == 2)
        }
    }

    @Test(
        "has exactly one result of every item in its files, where more items failed than may",
        .timeLimit(.minutes(2))
    )
    func exportedThreshold() async throws {
        let work: EngineFixture.Function = { item throws(EngineFixture.FunctionFailure) in
            let number = item["id"]?.string.flatMap { Int($0) } ?? 0
            if number == 700 { throw EngineFixture.FunctionFailure(error: "E") }
            if number > 700, number < 710 { try? await Task.sleep(for: .seconds(300)) }
            return item
        }
        let settings = try settings(rows: 5_000)
        let objects = try #require(settings.objects)
        let fixture = try await EngineFixture.make(["work": work], settings: settings)
        try await fixture.run { fixture in
            let writer = """
                "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "b", "Prefix": "p"}}
                """
            let id = try await fixture.start(
                Self.machine("\(Self.reader), \(writer)", type: "EXPRESS", calls: "work")
            )
            #expect(try await fixture.end(of: id).error == "States.ExceedToleratedFailureThreshold")
            let run = try await only(fixture, of: id)
            var ids: [Int] = []
            var statuses: [String: Int] = [:]
            for name in ["SUCCEEDED", "FAILED", "PENDING"] {
                let place = ObjectName(bucket: "b", key: "p/\(run.id)/\(name)_0.json")
                var reader = try await ObjectReader(place, in: objects)
                var bytes: [UInt8] = []
                while let more = try await reader.next() { bytes += more }
                for record in try JSONValue(parsing: bytes).array ?? [] {
                    let input = try JSONValue(parsing: record["Input"]?.string ?? "")
                    ids.append(input["id"]?.string.flatMap { Int($0) } ?? -1)
                    statuses[record["Status"]?.string ?? "", default: 0] += 1
                }
            }
            #expect(ids.sorted() == Array(0..<5_000))
            #expect(statuses["FAILED"] == 1)
            #expect(statuses["ABORTED"] == run.counts.items.aborted)
            #expect(statuses["SUCCEEDED"] == run.counts.items.succeeded)
        }
    }

    @Test("tolerates a share exactly, however it is spelled")
    func exactShare() {
        for total in [3, 7, 1_000, 1_234, 100_000] {
            for hundredths in stride(from: 1, to: 10_000, by: 7) {
                let percentage = Double(hundredths) / 100
                let most = MapRunRecord.mostFailures(percentage, of: total)
                #expect(most == hundredths * total / 10_000, "\(percentage) % of \(total)")
            }
        }
        #expect(MapRunRecord.mostFailures(64.1, of: 1_000) == 641)
        #expect(MapRunRecord.mostFailures(50, of: 0) == 0)
    }

    @Test("has as many items as its start tells, where they are drawn at random", arguments: ["STANDARD", "EXPRESS"])
    func drawn(type: String) async throws {
        let fixture = try await EngineFixture.make([:])
        try await fixture.run { fixture in
            let definition = """
                {"QueryLanguage": "JSONata", "StartAt": "M", "States": {"M": {"Type": "Map", "Label": "L",
                    "Items": "{% $filter([1..200], function($v) { $random() < 0.5 }) %}",
                    "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "\(type)"},
                    "StartAt": "X", "States": {"X": {"Type": "Pass", "End": true}}}, "End": true}}}
                """
            for _ in 0..<4 {
                let id = try await fixture.start(definition)
                let output = JSONText(trusted: try #require(try await fixture.end(of: id).output)).value
                let rows = try await fixture.store.pool.query(
                    """
                    SELECT substring(events FROM '"length":([0-9]+)') FROM braid.history
                    WHERE execution_id = $1 AND events LIKE '%"length":%'
                    """,
                    [.uuid(id.value)]
                )
                let length: String = try #require(rows.first)[0]
                #expect(Int(length) == output.array?.count)
                #expect(try await only(fixture, of: id).totalItems == output.array?.count)
            }
        }
    }

    @Test("draws at random for each item by itself, also where it is gone on with", arguments: ["STANDARD", "EXPRESS"])
    func randomSelections(type: String) async throws {
        let stall = Stall(after: 10)
        let work: EngineFixture.Function = { item in
            await stall.pass()
            return item["u"] ?? .null
        }
        let fields = Self.reader + #", "MaxConcurrency": 5, "ItemSelector": {"u.$": "States.UUID()"}"#
        let settings = try settings(rows: 40)
        let first = try await EngineFixture.make(["work": work], settings: settings)
        let id = try await withStarted(first, Self.machine(fields, type: type, calls: "work")) {
            stall.isReached
        } whileStopping: {
            stall.open()
        }
        let second = try await EngineFixture.make(["work": work], settings: settings)
        try await second.run { fixture in
            let drawn = try await fixture.end(of: id).output.flatMap { JSONText(trusted: $0).value.array }
            #expect(Set(drawn?.compactMap(\.string) ?? []).count == 40)
        }
    }

    @Test(
        "maps over an object's members, wherever the object comes from",
        arguments: [
            #""ItemsPath": "$.o""#, #""QueryLanguage": "JSONata", "Items": "{% $states.input.o %}""#,
        ]
    )
    func members(items: String) async throws {
        let fixture = try await EngineFixture.make([:])
        try await fixture.run { fixture in
            let id = try await fixture.start(Self.machine(items), input: #"{"o": {"b": 1, "a": [2]}}"#)
            #expect(try await fixture.end(of: id).output == "[1,[2]]")
            #expect(try await only(fixture, of: id).items == 2)
        }
    }

    @Test("tolerates a share of the items, whose places hold what became of them")
    func tolerated() async throws {
        let work: EngineFixture.Function = { item throws(EngineFixture.FunctionFailure) in
            if item.int == 0 { throw EngineFixture.FunctionFailure(error: "E") }
            return item
        }
        let fixture = try await EngineFixture.make(["work": work])
        try await fixture.run { fixture in
            let fields = #""ToleratedFailurePercentage": 50"#
            let id = try await fixture.start(Self.machine(fields, calls: "work"), input: "[0,1]")
            let output = try #require(try await fixture.end(of: id).output)
            let places = try #require(JSONText(trusted: output).value.array)
            #expect(places.first?["Error"]?.string == "E")
            #expect(places.first?["Status"]?.string == "FAILED")
            #expect(places.last?.int == 1)
        }
    }

    @Test("ends its children with its execution")
    func stopped() async throws {
        let began = Mutex(0)
        let work: EngineFixture.Function = { item in
            began.withLock { $0 += 1 }
            try? await Task.sleep(for: .seconds(60))
            return item
        }
        let fixture = try await EngineFixture.make(["work": work])
        try await fixture.run { fixture in
            let id = try await fixture.start(Self.machine(calls: "work"), input: "[0,1,2]")
            let deadline = ContinuousClock.now + .seconds(20)
            while began.withLock({ $0 }) < 3, ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(5))
            }
            _ = try await fixture.engine.stopExecution(id, error: nil, cause: nil)
            let run = try await only(fixture, of: id)
            #expect(run.status == .aborted)
            #expect(run.counts.executions.aborted == 3)
            #expect(run.openChildren == 0)
        }
    }

    @Test("fails by its reader's failure, which its Catch may catch")
    func caught() async throws {
        let fixture = try await EngineFixture.make([:], settings: try settings(rows: 1))
        try await fixture.run { fixture in
            let reader = Self.reader.replacing("rows.csv", with: "none.csv")
            let id = try await fixture.start(Self.machine(reader))
            let end = try await fixture.end(of: id)
            #expect(end.error == "States.ItemReaderFailed")
            #expect(end.cause?.hasPrefix("s3://b/none.csv: S3.NoSuchKeyException") == true, "\(end)")
            #expect(try await only(fixture, of: id).status == .failed)
        }
    }
}
