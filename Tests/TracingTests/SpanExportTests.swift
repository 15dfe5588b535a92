import JSON
import Testing
import Tracing

@Suite("Spans in OTLP's JSON encoding")
struct SpanExportTests {
    @Test("have ids in hexadecimal, times in nanoseconds as text, and enumerations as numbers")
    func encoding() throws {
        let span = Span(
            trace: TraceID(high: 1, low: 2),
            id: SpanID(3),
            parent: SpanID(4),
            name: "Charge",
            kind: .client,
            start: 1_700_000_000_000_001,
            end: 1_700_000_000_000_500,
            attributes: [("braid.state.name", .text("Charge")), ("braid.attempt", .number(2))],
            status: .error("card refused")
        )
        let body = SpanExport(resource: [("service.name", .text("orders"))], version: "1").body([span])
        let expected = try JSONValue(
            parsing: """
                {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"orders"}}]},
                "scopeSpans":[{"scope":{"name":"braid","version":"1"},"spans":[{
                "traceId":"00000000000000010000000000000002","spanId":"0000000000000003",
                "parentSpanId":"0000000000000004","name":"Charge","kind":3,
                "startTimeUnixNano":"1700000000000001000","endTimeUnixNano":"1700000000000500000",
                "attributes":[{"key":"braid.state.name","value":{"stringValue":"Charge"}},
                {"key":"braid.attempt","value":{"intValue":"2"}}],
                "status":{"message":"card refused","code":2}}]}]}]}
                """
        )
        #expect(body.text == expected.text)
    }

    @Test("that are roots have no parent, and never end before they start")
    func root() {
        let span = Span(trace: TraceID(high: 1, low: 1), id: SpanID(1), parent: nil, name: "a", start: 9, end: 8)
        let json = SpanExport(resource: [], version: "1").body([span])["resourceSpans"]?[0]?["scopeSpans"]?[0]?[
            "spans"
        ]?[0]
        #expect(json?["parentSpanId"] == nil)
        #expect(json?["endTimeUnixNano"]?.string == "9000")
        #expect(json?["status"]?["code"]?.int == 1)
    }
}
