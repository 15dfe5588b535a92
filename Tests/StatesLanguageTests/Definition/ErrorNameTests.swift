import StatesLanguage
import Testing

@Suite("ErrorEquals")
struct ErrorNameTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let errorEquals: [String]
        let error: String
        let isMatched: Bool

        init(_ testDescription: String, _ errorEquals: [String], _ error: String, _ isMatched: Bool) {
            self.testDescription = testDescription
            self.errorEquals = errorEquals
            self.error = error
            self.isMatched = isMatched
        }
    }

    static let rows = [
        Row("matches a name", ["A", "B"], "B", true),
        Row("does not match another name", ["A"], "B", false),
        Row("minds the case", ["error"], "Error", false),
        Row("matches all with States.ALL", ["States.ALL"], "Whatever", true),
        Row("matches a timeout with States.ALL", ["States.ALL"], "States.Timeout", true),
        Row("matches too large a result with States.ALL", ["States.ALL"], "States.DataLimitExceeded", true),
        Row("never matches States.Runtime with States.ALL", ["States.ALL"], "States.Runtime", false),
        Row("never matches States.Runtime by its name", ["States.Runtime"], "States.Runtime", false),
        Row("matches any error with States.TaskFailed", ["States.TaskFailed"], "Lambda.Unknown", true),
        Row("matches States.TaskFailed itself", ["States.TaskFailed"], "States.TaskFailed", true),
        Row("does not match a timeout with States.TaskFailed", ["States.TaskFailed"], "States.Timeout", false),
        Row(
            "does not match a heartbeat with States.TaskFailed",
            ["States.TaskFailed"],
            "States.HeartbeatTimeout",
            false
        ),
        Row("matches a heartbeat with States.Timeout", ["States.Timeout"], "States.HeartbeatTimeout", true),
        Row("matches a heartbeat by its name", ["States.HeartbeatTimeout"], "States.HeartbeatTimeout", true),
        Row("does not match a timeout by the heartbeat's name", ["States.HeartbeatTimeout"], "States.Timeout", false),
        Row("matches a failure without a name with States.ALL", ["States.ALL"], "", true),
    ]

    @Test(arguments: rows)
    func matching(_ row: Row) {
        #expect(ErrorName.isMatched(row.error, by: row.errorEquals) == row.isMatched)
        #expect(Retrier(errorEquals: row.errorEquals).matches(error: row.error) == row.isMatched)
        #expect(Catcher(errorEquals: row.errorEquals, next: "X").matches(error: row.error) == row.isMatched)
    }
}
