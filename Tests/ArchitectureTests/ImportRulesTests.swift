import Foundation
import Testing

@Suite("The modules' imports")
struct ImportRulesTests {
    /// What a pure module may use of the toolchain: no clock, no file, no thread.
    static let ofToolchainForPure: Set<String> = ["FoundationEssentials", "Glibc"]
    /// What comes with the toolchain and any other module may use.
    static let ofToolchain = ofToolchainForPure.union(["Foundation", "Dispatch", "Synchronization"])

    @Test("keep to the table in Sources/README.md")
    func table() throws {
        let rules = try Self.rules()
        for file in Repository.files(below: "Sources", ending: ".swift") {
            let module = String(file.split(separator: "/")[1])
            guard let rule = rules[module] else {
                Issue.record("\(module) does not stand in the table of Sources/README.md")
                continue
            }
            let system = rule.isPure ? Self.ofToolchainForPure : Self.ofToolchain
            for imported in try Self.imports(of: file) where !system.contains(imported) {
                #expect(rule.imports.contains(imported), "\(file) imports \(imported), which the table does not allow")
            }
        }
    }

    @Test("form no circle")
    func noCircle() throws {
        let rules = try Self.rules()
        var done: Set<String> = []
        var remaining = Set(rules.keys)
        while let next = remaining.first(where: { name in
            rules[name]?.imports.allSatisfy { done.contains($0) || rules[$0] == nil } == true
        }) {
            remaining.remove(next)
            done.insert(next)
        }
        #expect(remaining.isEmpty, "these import each other: \(remaining.sorted())")
    }

    @Test("are those that Package.swift declares")
    func package() throws {
        let package = try Repository.text("Package.swift")
        for (module, rule) in try Self.rules() {
            #expect(package.contains("\"\(module)\""), "Package.swift has no \(module)")
            for imported in rule.imports { #expect(package.contains("\"\(imported)\""), "there is no \(imported)") }
        }
    }

    struct Rule {
        let imports: Set<String>
        let isPure: Bool
    }

    /// The rows of the table whose header begins with "Module" and ends with "May import".
    static func rules() throws -> [String: Rule] {
        let lines = try Repository.text("Sources/README.md").split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex { $0.hasPrefix("| Module |") && $0.contains("| May import |") })
        var rules: [String: Rule] = [:]
        for line in lines[(start + 2)...].prefix(while: { $0.hasPrefix("|") }) {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            let names = quoted(cells[0])
            let rule = Rule(imports: Set(quoted(cells[2])), isPure: cells[1].hasSuffix("pure"))
            for name in names { rules[name] = rule }
        }
        return rules
    }

    /// The words between backticks.
    private static func quoted(_ cell: String) -> [String] {
        cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }

    /// The modules that a file imports.
    private static func imports(of file: String) throws -> Set<String> {
        var found: Set<String> = []
        for line in try Repository.text(file).split(separator: "\n") where line.contains("import ") {
            let words = line.split(separator: " ").map(String.init)
                .drop { $0.hasPrefix("@") || ["package", "public", "internal", "private"].contains($0) }
            guard words.first == "import", let name = words.last, words.count <= 3 else { continue }
            found.insert(String(name.split(separator: ".")[0]))
        }
        return found
    }
}
