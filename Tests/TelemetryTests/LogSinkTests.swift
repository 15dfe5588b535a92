import Telemetry
import Testing

@Suite("A log line")
struct LogSinkTests {
    let entry = LogEntry(
        time: WallTime(microseconds: 1_706_691_900_123_456),
        level: .warning,
        label: "worker",
        message: "lost a lease\nto \"b\"",
        metadata: [
            ("execution", .string("arn:aws:x")), ("count", .int(3)), ("why", .string("a = b")), ("late", .bool(true)),
        ]
    )

    @Test("is one line for people, with its metadata in order")
    func text() {
        let line = TextLogSink(coloured: false).line(of: entry)
        #expect(
            line == #"2024-01-31T09:05:00.123Z WARNING worker: lost a lease\nto "b""#
                + #" execution=arn:aws:x count=3 why="a = b" late=true"#
        )
    }

    @Test("has colours only where they were asked for")
    func colour() {
        #expect(TextLogSink(coloured: true).line(of: entry).contains("\u{1B}[33m"))
    }

    @Test("is one JSON object for machines")
    func json() {
        let line = JSONLogSink().line(of: entry)
        #expect(
            line == #"{"time":"2024-01-31T09:05:00.123Z","level":"warning","label":"worker","#
                + #""message":"lost a lease\nto \"b\"","#
                + #""execution":"arn:aws:x","count":3,"why":"a = b","late":true}"#
        )
    }

    @Test("is not even put together below the logger's level")
    func threshold() {
        let sink = CapturingLogSink()
        let log = Logger(label: "a", level: .warning, sink: sink).child("b").with([("worker", 7)])
        var isComputed = false
        func message() -> String {
            isComputed = true
            return "x"
        }
        log.info(message())
        #expect(!isComputed)
        log.error("y", [("n", 1)])
        #expect(sink.messages == ["y"])
        #expect(sink.entries.first?.label == "a.b")
        #expect(sink.entries.first?.metadata.map(\.key) == ["worker", "n"])
    }

    @Test(
        "tells its time in UTC",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (951_827_696_000_000, "2000-02-29T12:34:56.000Z"), (4_107_542_399_999_999, "2100-02-28T23:59:59.999Z"),
        ]
    )
    func time(microseconds: Int64, text: String) { #expect(WallTime(microseconds: microseconds).description == text) }
}
