import Testing

@testable import Console

@Suite("What a worker serves")
struct ServedTests {
    @Test("names each function once, and nothing that is no function")
    func names() {
        let lanes = [
            "greet", "arn:aws:lambda:us-east-1:123456789012:function:greet", "arn:aws:states:::lambda:invoke",
            "arn:aws:states:::states", "arn:aws:lambda:eu-west-1:1:function:other:prod",
        ]
        #expect(Served.names(lanes) == ["greet", "other"])
        #expect(Served.names(["arn:aws:states:::states"]).isEmpty)
    }
}
