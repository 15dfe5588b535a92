package import Engine
import Interpreter
package import Tracing

/// What a function is invoked for: for its log, and for the spans that it makes itself.
package struct InvocationOrigin: Sendable {
    /// The execution's ARN.
    package var execution: String
    package var state: String
    /// What its spans belong to.
    package var trace: TraceContext?

    package init(_ attempt: TaskDriver.Attempt) {
        execution = attempt.execution
        state = attempt.request.state
        trace = attempt.trace
    }
}

extension Invocation {
    /// What tells an address of its trace.
    var traceHeaders: [(name: String, value: String)] {
        origin?.trace.map { [("traceparent", $0.traceparent), ("X-Amzn-Trace-Id", $0.xray)] } ?? []
    }
}
