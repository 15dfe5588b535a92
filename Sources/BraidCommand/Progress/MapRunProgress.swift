import JSON

/// How far the map runs of an execution are, asked of the service at most twice a second.
struct MapRunProgress {
    private let arn: String
    private let begun: ContinuousClock.Instant
    private var askedAt: ContinuousClock.Instant?
    /// When the first count was taken, and what it was: rates are from there.
    private var first: (at: ContinuousClock.Instant, done: Int)?

    init(of arn: String, now: ContinuousClock.Instant = .now) {
        self.arn = arn
        begun = now
    }

    /// Shows on the line how far they are.
    ///
    /// Nothing is asked where there is no line, and what the service refuses is not shown.
    mutating func show(
        on line: ProgressLine?,
        _ service: RemoteService,
        whileWaiting: Bool = true,
        now: ContinuousClock.Instant = .now
    ) async throws {
        guard let line else { return }
        if let askedAt, now - askedAt < .milliseconds(500) { return }
        askedAt = now
        do {
            if let bar = try await bar(service, now) { return line.show(bar) }
        } catch is ServiceRefusal {}
        first = nil
        guard whileWaiting else { return line.clear() }
        if now - begun >= .seconds(1) { line.show("waiting for the end, \((now - begun).readable)") }
    }

    private mutating func bar(_ service: RemoteService, _ now: ContinuousClock.Instant) async throws -> ProgressBar? {
        var runs: [String] = []
        try await service.pages(of: "ListMapRuns", ["executionArn": .string(arn)], member: "mapRuns") { run in
            if run["stopDate"] == nil, let arn = run["mapRunArn"]?.string { runs.append(arn) }
            return runs.count < 20
        }
        guard let only = runs.first else { return nil }
        var (done, failed, total) = (0, 0, 0)
        for run in runs {
            let counts = try await service.call("DescribeMapRun", ["mapRunArn": .string(run)])["itemCounts"]
            func count(_ name: String) -> Int { counts?[name]?.int ?? 0 }
            failed += count("failed") + count("timedOut") + count("aborted")
            done += count("succeeded") + count("failed") + count("timedOut") + count("aborted")
            total += count("total")
        }
        var notes: [String] = []
        if let first, now > first.at, done > first.done {
            let seconds = (now - first.at) / .seconds(1)
            notes.append("\(Int(Double(done - first.done) / seconds).grouped)/s")
        }
        if first == nil { first = (now, done) }
        if failed > 0 { notes.append("\(failed.grouped) failed") }
        let label = runs.count == 1 ? Self.label(of: only) : "\(runs.count) map runs"
        return ProgressBar(label, done, of: total, note: notes.joined(separator: "  "))
    }

    /// The Map state's label: `arn:...:mapRun:MACHINE/LABEL:ID`.
    private static func label(of arn: String) -> String {
        let parts = arn.split(separator: ":")
        return parts.count > 2 ? String(parts[parts.count - 2].split(separator: "/").last ?? "") : arn
    }
}
