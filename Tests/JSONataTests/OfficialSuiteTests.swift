import JSON
import JSONata
import Testing

@Suite("The official test suite")
struct OfficialSuiteTests {
    /// Cases that are known to fail, each with its reason; the list may only become shorter.
    static let known: [String: String] = [:]

    @Test("passes, but for the cases that are argued one by one", .shared)
    func passes() throws {
        let cases = try OfficialCase.all()
        try #require(cases.count > 1_000)
        var failures: [String] = []
        var passed = 0
        var stillFailing: Set<String> = []
        for officialCase in cases {
            guard let outcome = officialCase.difference() else {
                passed += 1
                continue
            }
            if Self.known[officialCase.name] != nil {
                stillFailing.insert(officialCase.name)
            } else {
                failures.append(
                    "\(officialCase.name): \(officialCase.expression) gives \(outcome), not \(officialCase.wanted)"
                )
            }
        }
        let share = (Double(passed) / Double(cases.count) * 10_000).rounded() / 100
        print("JSONata's official test suite: \(passed) of \(cases.count) cases pass, \(share) %")
        for failure in failures { Issue.record(Comment(rawValue: failure)) }
        #expect(stillFailing == Set(Self.known.keys), "these pass now: take them from the list")
    }
}
