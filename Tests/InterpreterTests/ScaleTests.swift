import Interpreter
import JSON
import StatesLanguage
import Testing

@Suite("A large execution")
struct ScaleTests {
    @Test("takes time in proportion: 10,000 items, 20 at once", .timeLimit(.minutes(1)))
    func items() throws {
        let items = JSONText(.array((0..<10_000).map { .number(JSONNumber($0)) }))
        let run = VirtualRun(
            try MapTests.machine(#", "MaxConcurrency": 20"#),
            input: items,
            limits: Limits(maxPayloadBytes: 1_000_000)
        )
        #expect(run.outcome == .succeeded(items))
        #expect(run.execution.history.count == 1 + 2 + 10_000 * 7 + 2 + 1)
    }
}
