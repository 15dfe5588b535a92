import JSON
import Store

/// What a scenario did, and what that cost.
struct BenchMeasure: Sendable {
    /// What is counted: transitions, or executions.
    var unit = "transitions"
    var seconds = 0.0
    var executions = 0
    /// How many of the unit.
    var count = 0
    /// Of an execution or a request, in milliseconds.
    var latencies: [Double] = []
    var counts = BenchChild.Counts()
    var walBytes = 0
    var processors = ProcessorTime()
    var reading = BenchReading()
    /// What only this scenario tells.
    var more: [(name: String, value: Double)] = []

    var perSecond: Double { Double(count) / seconds }

    /// Transitions, also where executions are counted.
    var transitions: Int { max(1, reading.transitions) }
}

/// A scenario's measure beside what the server does by itself.
struct BenchResult: Sendable {
    var options: BenchOptions
    var measure: BenchMeasure
    /// The yardstick before and after.
    var yardstick: (before: Double, after: Double)
    var limit: BareLimit
    var durability: [(name: String, setting: String)]

    /// The bare way to do the same.
    struct BareLimit: Sendable {
        var perSecond: Double
        var latencies: [Double] = []
        var walBytesEach: Double?
        /// What it is, in words.
        var name: String
    }

    var yardstickPerSecond: Double { (yardstick.before + yardstick.after) / 2 }

    /// Whether the machine was the same before and after: a run in which it was not says little.
    var isSteady: Bool {
        max(yardstick.before, yardstick.after) <= 1.5 * min(yardstick.before, yardstick.after)
    }

    /// The value at or below which a part of the values lies.
    static func percentile(_ part: Double, _ sorted: [Double]) -> Double {
        guard !sorted.isEmpty else { return .nan }
        return sorted[min(sorted.count - 1, Int((Double(sorted.count) * part).rounded(.up)) - 1)]
    }

    /// Every figure, in the order in which it is told; those that do not apply are left out.
    var figures: [(name: String, value: Double)] {
        let latencies = measure.latencies.sorted()
        let limits = limit.latencies.sorted()
        let transitions = Double(measure.transitions)
        var figures: [(String, Double)] = [
            ("seconds", measure.seconds), ("executions", Double(measure.executions)),
            (measure.unit, Double(measure.count)), ("per_second", measure.perSecond),
            ("limit_per_second", limit.perSecond), ("ratio", measure.perSecond / limit.perSecond),
            ("yardstick_per_second", yardstickPerSecond), ("yardstick_before", yardstick.before),
            ("yardstick_after", yardstick.after), ("yardstick_ratio", measure.perSecond / yardstickPerSecond),
            ("p50_ms", Self.percentile(0.5, latencies)), ("p95_ms", Self.percentile(0.95, latencies)),
            ("p99_ms", Self.percentile(0.99, latencies)),
            ("limit_p50_ms", Self.percentile(0.5, limits)), ("limit_p99_ms", Self.percentile(0.99, limits)),
        ]
        if measure.reading.transitions > 0 {
            figures += [
                ("commits_per_transition", Double(measure.reading.commits) / transitions),
                ("rows_per_transition", Double(measure.reading.rows) / transitions),
                ("wal_bytes_per_transition", Double(measure.walBytes) / transitions),
                ("limit_wal_bytes", limit.walBytesEach ?? .nan),
                ("hot_updates", Double(measure.reading.hotUpdates) / Double(max(1, measure.reading.updates))),
            ]
        }
        if measure.counts.commits > 0 {
            let commits = Double(measure.counts.commits)
            figures += [
                ("submissions_per_batch", Double(measure.counts.submissions) / commits),
                ("round_trips_per_batch", Double(measure.counts.roundTrips) / commits),
            ]
        }
        let each = 1_000_000 / Double(max(1, measure.count))
        figures += [
            ("cpu_braid_us", measure.processors.braid * each), ("cpu_load_us", measure.processors.load * each),
            ("cpu_postgres_us", measure.processors.postgres.map { $0 * each } ?? .nan),
            ("cpu_us", measure.processors.postgres.map { ($0 + measure.processors.braid) * each } ?? .nan),
        ]
        return (figures + measure.more.map { ($0.name, $0.value) }).filter { $0.1.isFinite }
    }

    var json: JSONObject {
        var object: JSONObject = ["scenario": .string(options.scenario.rawValue), "unit": .string(measure.unit)]
        object["workers"] = .number(JSONNumber(options.workers))
        for (name, value) in figures { object[name] = .number(JSONNumber(Self.rounded(value))) }
        object["limit"] = .string(limit.name)
        object["steady"] = .bool(isSteady)
        for (name, setting) in durability { object[name] = .string(setting) }
        return object
    }

    var lines: [String] {
        let all = Dictionary(figures.map { ($0.name, Self.text($0.value)) }) { first, _ in first }
        func line(_ parts: String...) -> String? {
            // A part is told if all figures in it are there.
            let told = parts.compactMap { part -> String? in
                var text = ""
                for (place, piece) in part.split(separator: "|", omittingEmptySubsequences: false).enumerated() {
                    if place % 2 == 0 {
                        text += piece
                    } else {
                        guard let value = all[String(piece)] else { return nil }
                        text += value
                    }
                }
                return text
            }
            return told.isEmpty ? nil : "  " + told.joined(separator: ", ")
        }
        let cost = measure.unit == "transitions" ? "a transition" : "an execution"
        return [
            "\(options.scenario.rawValue): \(measure.count) \(measure.unit) of \(measure.executions) executions in"
                + " \(all["seconds"] ?? "") s",
            line("|per_second| \(measure.unit)/s"),
            line("limit: |limit_per_second|/s by \(limit.name), ratio |ratio|"),
            line(
                "yardstick: |yardstick_per_second|/s (|yardstick_before| before, |yardstick_after| after), ratio |yardstick_ratio|"
            ),
            line("p50 |p50_ms| ms", "p95 |p95_ms| ms", "p99 |p99_ms| ms", "the limit's p50 |limit_p50_ms| ms"),
            line(
                "a transition: |commits_per_transition| commits",
                "|rows_per_transition| rows",
                "|wal_bytes_per_transition| bytes of WAL (limit |limit_wal_bytes|)",
                "|hot_updates| of the updates HOT"
            ),
            line("a batch: |submissions_per_batch| submissions", "|round_trips_per_batch| round trips"),
            line(
                "processor time \(cost): |cpu_us| us",
                "Braid |cpu_braid_us| us",
                "PostgreSQL |cpu_postgres_us| us",
                "the load |cpu_load_us| us"
            ),
        ].compactMap(\.self) + measure.more.map { "  \($0.name): \(Self.text($0.value))" } + [
            "  " + durability.map { "\($0.name)=\($0.setting)" }.joined(separator: " ")
        ] + (isSteady ? [] : ["  The machine was not steady: the yardstick differs by more than half. Repeat the run."])
    }

    /// Three decimals at most, and no more than four figures that count.
    static func rounded(_ value: Double) -> Double {
        let scale: Double = abs(value) >= 1_000 ? 1 : abs(value) >= 100 ? 10 : 1_000
        return (value * scale).rounded() / scale
    }

    static func text(_ value: Double) -> String {
        let value = rounded(value)
        return Int(exactly: value).map(String.init) ?? "\(value)"
    }
}
