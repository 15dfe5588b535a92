import Testing
import Tracing

@Suite("A trace's context")
struct TraceContextTests {
    private static let context = TraceContext(
        trace: TraceID(high: 0x0af7_6519_16cd_43dd, low: 0x8448_eb21_1c80_319c),
        span: SpanID(0xb7ad_6b71_6920_3331)
    )

    @Test("is written as W3C and as X-Ray write it")
    func written() {
        #expect(Self.context.traceparent == "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
        #expect(Self.context.xray == "Root=1-0af76519-16cd43dd8448eb211c80319c;Parent=b7ad6b7169203331;Sampled=1")
    }

    @Test("is read back from both, whether or not it is sampled", arguments: [true, false])
    func readBack(isSampled: Bool) {
        var context = Self.context
        context.isSampled = isSampled
        #expect(TraceContext(traceparent: context.traceparent) == context)
        #expect(TraceContext(xray: context.xray) == context)
    }

    @Test("is read of a later version with more behind it")
    func laterVersion() {
        #expect(
            TraceContext(traceparent: "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more") == Self.context
        )
    }

    @Test(
        "is not read of what is no traceparent",
        arguments: [
            "", "00", "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
            "00-+af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        ]
    )
    func malformed(_ text: String) { #expect(TraceContext(traceparent: text) == nil) }

    @Test("is read of an X-Ray header in any order, and left to who reads it means recorded")
    func xrayOrder() {
        let text = "Sampled=?; Parent=b7ad6b7169203331; Self=x; Root=1-0af76519-16cd43dd8448eb211c80319c"
        #expect(TraceContext(xray: text) == Self.context)
    }

    @Test(
        "is not read of an X-Ray header that lacks a part",
        arguments: ["Root=1", "Root=1-0af76519-16cd43dd8448eb211c80319c;Sampled=1", "Parent=b7ad6b7169203331", ""]
    )
    func incomplete(_ text: String) { #expect(TraceContext(xray: text) == nil) }
}
