import Engine
import Foundation
import Glibc
import JSON
import Objects
import Postgres
import StatesLanguage
import Store

/// `braid bench map-run`: a Distributed Map over the rows of a CSV file, its results written as objects.
///
/// Children run in memory and as executions of their own, through a Pass and through a no-op function: four runs, each by
/// processes of its own sessions, on the same file.
struct BenchMapRun {
    /// What one of the four runs is.
    private struct Kind {
        let type: StateMachineType
        let state: String
        let body: String

        var name: String { "\(type == .express ? "express" : "standard")_\(state)" }
    }

    private let options: BenchOptions
    private let output: Output
    private let run: BenchRun

    init(_ options: BenchOptions, _ connection: ConnectionSettings, _ output: Output) async throws {
        self.options = options
        self.output = output
        run = try await BenchRun(options, connection)
    }

    private static let states = [
        ("pass", #"{"Type":"Pass","End":true}"#),
        ("function", #"{"Type":"Task","Resource":"\#(BenchScenario.resource)","End":true}"#),
    ]

    /// Returns what each of the runs did and cost, and how many times as fast those in memory are.
    func measure() async throws -> [(name: String, value: Double)] {
        _ = try await Bench.durability(on: run.setup)
        let folder = FileManager.default.temporaryDirectory.appending(path: "braid-bench-\(UUID().uuidString)").path
        for bucket in ["in", "out"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(bucket)", withIntermediateDirectories: true)
        }
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try writeRows("\(folder)/in/rows.csv")
        let before = try await Yardstick.measure(run.connection, for: options.reference)
        var figures: [(name: String, value: Double)] = [("items", Double(options.items))]
        for type in options.children {
            for (state, body) in Self.states {
                figures += try await measure(Kind(type: type, state: state, body: body), in: folder)
            }
        }
        func rate(_ name: String) -> Double? { figures.first { $0.name == "\(name)_per_second" }?.value }
        for (state, _) in Self.states {
            guard let express = rate("express_\(state)"), let standard = rate("standard_\(state)") else { continue }
            figures.append(("ratio_\(state)", express / standard))
        }
        let after = try await Yardstick.measure(run.connection, for: options.reference)
        await run.setup.close()
        return figures + [("yardstick_before", before), ("yardstick_after", after)]
    }

    private func writeRows(_ path: String) throws {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let file = FileHandle(forWritingAtPath: path)
        else {
            throw CommandFailure(.failure, "'\(path)' could not be written")
        }
        defer { try? file.close() }
        try file.write(contentsOf: Data("id,name,city,amount,note\n".utf8))
        for first in stride(from: 0, to: options.items, by: 10_000) {
            let rows = (first..<min(first + 10_000, options.items)).map { number in
                "\(number),Customer \(number * 7_919 % 1_000_003),City \(number % 997),\(number % 1_000).\(number % 90 + 10),"
                    + "\"of \(number % 12), as said\"\n"
            }
            try file.write(contentsOf: Data(rows.joined().utf8))
        }
    }

    private func definition(_ kind: Kind) -> String {
        #"""
        {"StartAt":"M","States":{"M":{"Type":"Map","Label":"rows","End":true,"ItemReader":{
        "Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bucket":"in","Key":"rows.csv"},
        "ReaderConfig":{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"}},
        "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"\#(kind.type.rawValue)"},
        "StartAt":"S","States":{"S":\#(kind.body)}},
        "ResultWriter":{"Resource":"arn:aws:states:::s3:putObject",
        "Parameters":{"Bucket":"out","Prefix":"\#(kind.name)"}}}}}
        """#
    }

    private func measure(_ kind: Kind, in folder: String) async throws -> [(name: String, value: Double)] {
        output.note("\(kind.name): \(options.items) items")
        let start = try await Store.benchReading(on: run.setup)
        var workers: [BenchChild] = []
        defer { for worker in workers { worker.kill() } }
        for _ in 0..<options.workers {
            workers.append(try BenchChild(parts: "worker", url: run.connection.url, objects: folder))
        }
        let processes = workers.isEmpty ? [getpid()] : workers.map(\.processID)
        for process in processes { PeakMemory.forget(of: process) }
        let objects = DirectoryObjects(root: folder)
        var memory: (braid: Int, postgres: Int?) = (0, nil)
        var measure = try await run.withEngine(works: workers.isEmpty, objects: objects) { engine in
            let machine = try await run.makeMachine(engine.store, definition: definition(kind))
            var measure = try await run.around(workers.map(\.processID), isLoadApart: !workers.isEmpty) { _ in
                try await run.startAll(1, machine, engine)
                try await run.wait(for: machine)
            }
            measure.latencies = try await Store.durations(of: machine.id, on: run.setup)
            guard measure.latencies.count == 1 else { throw CommandFailure(.failure, "\(kind.name) did not succeed") }
            let session = try await Store.serverProcess(on: run.setup)
            memory = (processes.map(PeakMemory.bytes).max() ?? 0, PeakMemory.ofServer(session: session))
            return measure
        }
        for worker in workers { worker.end() }
        workers = []
        measure.reading = try await run.reading(since: start)
        try check(kind, in: folder)
        let items = Double(options.items)
        let seconds = measure.latencies[0] / 1_000
        var figures: [(String, Double)] = [
            ("seconds", seconds), ("per_second", items / seconds),
            ("rows_per_item", Double(measure.reading.rows) / items),
            ("wal_bytes_per_item", Double(measure.walBytes) / items),
            ("cpu_braid_us", measure.processors.braid * 1e6 / items), ("memory_mb", Double(memory.braid) / 1e6),
        ]
        if let postgres = measure.processors.postgres { figures.append(("cpu_postgres_us", postgres * 1e6 / items)) }
        if let postgres = memory.postgres { figures.append(("postgres_memory_mb", Double(postgres) / 1e6)) }
        return figures.map { ("\(kind.name)_\($0.0)", $0.1) }
    }

    /// Says whether the result files hold one record for each item, and removes them.
    private func check(_ kind: Kind, in folder: String) throws {
        let place = "\(folder)/out/\(kind.name)"
        let files = FileManager.default.enumerator(atPath: place)?.compactMap { $0 as? String } ?? []
        var records = 0
        for name in files where name.hasSuffix(".json") && !name.hasSuffix("manifest.json") {
            guard let file = FileHandle(forReadingAtPath: "\(place)/\(name)") else { continue }
            defer { try? file.close() }
            records += try RecordCount.count(of: file)
        }
        guard records == options.items else {
            throw CommandFailure(.failure, "\(kind.name) wrote \(records) records of \(options.items) items")
        }
        try FileManager.default.removeItem(atPath: place)
    }
}

/// Counts the records of a result file, an array of objects, without holding it.
private enum RecordCount {
    static func count(of file: FileHandle) throws -> Int {
        var depth = 0
        var records = 0
        var isInString = false
        var isEscaped = false
        while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty {
            for byte in piece {
                if isEscaped {
                    isEscaped = false
                } else if isInString {
                    if byte == UInt8(ascii: "\\") { isEscaped = true }
                    if byte == UInt8(ascii: "\"") { isInString = false }
                } else {
                    switch byte {
                    case UInt8(ascii: "\""): isInString = true
                    case UInt8(ascii: "{"):
                        depth += 1
                        if depth == 1 { records += 1 }
                    case UInt8(ascii: "}"): depth -= 1
                    default: break
                    }
                }
            }
        }
        return records
    }
}
