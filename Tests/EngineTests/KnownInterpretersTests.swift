import Interpreter
import StatesLanguage
import Store
import Testing

@testable import Engine

@Suite("Interpreters that are known")
struct KnownInterpretersTests {
    private func interpreter(commentSize: Int) throws -> Interpreter {
        let comment = String(repeating: "x", count: commentSize)
        let text = #"{"Comment": "\#(comment)", "StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}"#
        return Interpreter(definition: try StateMachineDefinition(parsing: text))
    }

    @Test("are fewer where their definitions are long")
    func size() throws {
        let (short, long) = (try interpreter(commentSize: 1), try interpreter(commentSize: 1_000_000))
        let known = KnownInterpreters()
        for number: Int64 in 0..<100 { known[RevisionID(rawValue: number)] = short }
        #expect((0..<100).allSatisfy { known[RevisionID(rawValue: $0)] != nil })
        for number: Int64 in 100..<200 { known[RevisionID(rawValue: number)] = long }
        #expect((0..<200).count { known[RevisionID(rawValue: $0)] != nil } <= 8)
        #expect(known[RevisionID(rawValue: 199)] != nil)
    }

    @Test("are fewer at a worker, too, where it holds no branches that need them")
    func worker() throws {
        let long = try interpreter(commentSize: 1_000_000)
        let driver = TaskDriver(lanes: { [] }, serves: { _ in false }) { _ in .timedOut }
        var state = WorkerState(
            id: WorkerID(rawValue: 1),
            settings: EngineSettings(),
            driver: driver,
            makeToken: { _, _ in "" }
        )
        for number: Int64 in 0..<100 { state.know(long, of: RevisionID(rawValue: number)) }
        #expect((0..<100).count { state.interpreters[RevisionID(rawValue: $0)] != nil } <= 8)
    }
}
