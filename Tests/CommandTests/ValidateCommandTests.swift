import Testing

@testable import BraidCommand

@Suite("braid validate")
struct ValidateCommandTests {
    @Test(
        "takes what nothing stands for as what its place asks for: a function, a partition, or a word",
        arguments: [
            "${Function}", "arn:${Partition}:states:::lambda:invoke", "arn:aws:lambda:us-east-1:1:function:${Name}",
        ]
    )
    func placeholders(_ resource: String) async throws {
        let folder = try ScratchFolder()
        let path = try folder.file(
            "a.asl.json",
            #"""
            {"StartAt":"A","States":{"A":{"Type":"Task","Resource":"\#(resource)","Parameters":{"FunctionName":"f"},"End":true}}}
            """#
        )
        let transcript = Transcript()
        #expect(await transcript.run("validate", path) == .success)
    }
}
