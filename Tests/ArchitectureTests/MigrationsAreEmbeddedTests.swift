import Testing

@Suite("The migrations")
struct MigrationsAreEmbeddedTests {
    let files = Repository.files(below: "Migrations", ending: ".sql").map { String($0.split(separator: "/")[1]) }

    @Test("are embedded into the binary, each under its name, in order")
    func embedded() throws {
        let source = try Repository.text("Sources/CEmbedded/Migrations.c")
        let lines = source.split(separator: "\n")
        let embeds = lines.compactMap { $0.hasPrefix("#embed ") ? $0.split(separator: "/").last?.dropLast() : nil }
        let names = lines.compactMap { $0.hasPrefix("    {\"") ? $0.split(separator: "\"")[1] : nil }

        #expect(!files.isEmpty)
        #expect(embeds.map(String.init) == files)
        #expect(names.map(String.init) == files)
    }

    @Test("are numbered from 1 without a gap")
    func numbered() {
        let numbers = files.map { Int($0.prefix(4)) }
        #expect(numbers == Array(1...files.count))
    }
}
