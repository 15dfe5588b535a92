import Engine
import JSON
import Telemetry
import Testing

@testable import Tasks

@Suite("The processes of a function")
struct FunctionPoolTests {
    private struct NothingLeft: Error, CustomStringConvertible {
        let description = "too many open files"
    }

    @Test("fail an invocation in Lambda's words, and say what did not start, where none can be made")
    func cannotStart() async {
        let function = FunctionDefinition(
            reference: FunctionReference("f"),
            implementation: .command(["true"], handler: ""),
            directory: "/"
        )
        let log = Logger(label: "functions", sink: CapturingLogSink())
        let pool = FunctionPool(
            function: function,
            settings: FunctionSettings(),
            log: log,
            make: { _ in throw NothingLeft() },
            launch: { _ in true }
        )
        let invocation = Invocation(requestID: "r", arn: "arn", payload: JSONText([:]), deadline: nil)
        let outcome = await pool.invoke(invocation)
        #expect(outcome.error == "Runtime.ExitError")
        #expect(
            outcome.cause
                == #"{"errorType":"Runtime.ExitError","errorMessage":"RequestId: r Error: the function's process could not start: too many open files"}"#
        )
        #expect(pool.freePlaces == function.concurrency)
    }
}
