import Telemetry
import Testing

@Suite("Metrics")
struct MetricsTests {
    @Test("are rendered as Prometheus reads them")
    func render() {
        let metrics = Metrics()
        metrics.counter("braid_commits_total", help: "Commits.", labels: [("lane", "a\"b")]).increment(by: 2)
        metrics.gauge("braid_busy", help: "Busy.").set(1.5)
        let histogram = metrics.histogram("braid_commit_seconds", help: "Commit.", buckets: [0.1, 1])
        histogram.observe(0.1)
        histogram.observe(.milliseconds(500))
        histogram.observe(7)
        #expect(
            metrics.render() == """
                # HELP braid_commits_total Commits.
                # TYPE braid_commits_total counter
                braid_commits_total{lane="a\\"b"} 2
                # HELP braid_busy Busy.
                # TYPE braid_busy gauge
                braid_busy 1.5
                # HELP braid_commit_seconds Commit.
                # TYPE braid_commit_seconds histogram
                braid_commit_seconds_bucket{le="0.1"} 1
                braid_commit_seconds_bucket{le="1"} 2
                braid_commit_seconds_bucket{le="+Inf"} 3
                braid_commit_seconds_sum 7.6
                braid_commit_seconds_count 3

                """
        )
    }

    @Test("asked for twice are the same instrument")
    func sameInstrument() {
        let metrics = Metrics()
        metrics.counter("a_total", help: "A.", labels: [("x", "1")]).increment()
        metrics.counter("a_total", help: "A.", labels: [("x", "1")]).increment()
        metrics.counter("a_total", help: "A.", labels: [("x", "2")]).increment()
        #expect(metrics.counter("a_total", help: "A.", labels: [("x", "1")]).value == 2)
        #expect(metrics.render().split(separator: "\n").count == 4)
    }
}
