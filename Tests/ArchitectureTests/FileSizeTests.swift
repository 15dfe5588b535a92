import Testing

@Suite("The Swift files")
struct FileSizeTests {
    static let most = 400

    @Test("are at most 400 lines long", arguments: ["Sources", "Tests"])
    func size(folder: String) throws {
        for file in Repository.files(below: folder, ending: ".swift") {
            let lines = try Repository.text(file).split(separator: "\n", omittingEmptySubsequences: false).count - 1
            #expect(lines <= Self.most, "\(file) has \(lines) lines")
        }
    }

    @Test("are not called Utils, Helpers, Common, Manager or Types", arguments: ["Sources", "Tests"])
    func names(folder: String) {
        let refused: Set<Substring> = ["Utils", "Helpers", "Common", "Manager", "Types"]
        for file in Repository.files(below: folder, ending: ".swift") {
            let parts = file.dropLast(".swift".count).split(separator: "/")
            #expect(refused.isDisjoint(with: parts), "\(file): say what it holds")
        }
    }
}
