import JSON

/// What a measurement gave.
struct BenchResult: Sendable {
    var scenario: String
    var seconds: Double
    var executions: Int
    var transitions: Int
    var limitPerSecond: Double
    /// Of an execution, from start to end, in milliseconds.
    var latencies: (p50: Double, p95: Double, p99: Double)
    var commits: Int
    var submissions: Int
    var roundTrips: Int
    var walBytes: Int
    var serverSettings: [(String, String)]

    var perSecond: Double { Double(transitions) / seconds }

    private func each(_ count: Int, per other: Int) -> Double { Double(count) / Double(max(1, other)) }

    var json: JSONObject {
        var object: JSONObject = [
            "scenario": .string(scenario), "seconds": rounded(seconds), "executions": .number(JSONNumber(executions)),
            "transitions": .number(JSONNumber(transitions)), "per_second": rounded(perSecond),
            "executions_per_second": rounded(Double(executions) / seconds), "limit_per_second": rounded(limitPerSecond),
            "ratio": rounded(perSecond / limitPerSecond), "p50_ms": rounded(latencies.p50),
            "p95_ms": rounded(latencies.p95), "p99_ms": rounded(latencies.p99),
            "commits_per_transition": rounded(each(commits, per: transitions)),
            "transitions_per_batch": rounded(each(submissions, per: commits)),
            "round_trips_per_batch": rounded(each(roundTrips, per: commits)),
            "wal_bytes_per_transition": rounded(each(walBytes, per: transitions)),
        ]
        for (name, value) in serverSettings { object[name] = .string(value) }
        return object
    }

    var lines: [String] {
        let text = { (value: Double) in rounded(value).text }
        return [
            "\(scenario): \(transitions) transitions of \(executions) executions in \(text(seconds)) s",
            "  \(text(perSecond)) transitions/s, \(text(Double(executions) / seconds)) executions/s",
            "  limit: \(text(limitPerSecond)) single-row transactions/s by 8 connections; ratio \(text(perSecond / limitPerSecond))",
            "  an execution from start to end: p50 \(text(latencies.p50)) ms, p95 \(text(latencies.p95)) ms,"
                + " p99 \(text(latencies.p99)) ms",
            "  \(text(each(commits, per: transitions))) commits a transition, \(text(each(submissions, per: commits)))"
                + " transitions and \(text(each(roundTrips, per: commits))) round trips a commit",
            "  \(text(each(walBytes, per: transitions))) bytes of WAL a transition",
            "  " + serverSettings.map { "\($0.0)=\($0.1)" }.joined(separator: " "),
        ]
    }

    /// A number with three decimals at most.
    private func rounded(_ value: Double) -> JSONValue {
        guard value.isFinite else { return .null }
        return .number(JSONNumber((value * 1_000).rounded() / 1_000))
    }
}
