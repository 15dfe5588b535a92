import StatesLanguage
package import Store
package import Tracing

/// What the spans of an execution say of it.
package struct SpanSubject: Sendable {
    package var id: ExecutionID
    package var arn: String
    package var stateMachineARN: String
    package var stateMachineName: String
    /// What it was started with, where it was given a trace to belong to.
    package var traceHeader: String?

    package init(
        id: ExecutionID,
        arn: String,
        stateMachineARN: String,
        stateMachineName: String,
        traceHeader: String?
    ) {
        self.id = id
        self.arn = arn
        self.stateMachineARN = stateMachineARN
        self.stateMachineName = stateMachineName
        self.traceHeader = traceHeader
    }
}

/// The ids that an execution's spans have, whoever writes them, and whenever: they follow from the execution and its events.
package struct SpanIDs: Sendable {
    private let id: ExecutionID
    /// What it was given to belong to.
    package let given: TraceContext?

    package init(of id: ExecutionID, traceHeader: String?) {
        self.id = id
        given = traceHeader.flatMap { TraceContext(xray: $0) }
    }

    /// The trace that it was given, or one of its own, whose id is the execution's.
    package var trace: TraceID { given?.trace ?? TraceID(high: id.high, low: id.low) }

    /// Whether its spans are recorded: unless whoever started it said that theirs are not.
    package var isSampled: Bool { given?.isSampled ?? true }

    /// The span that begins with an event: a state's with its Entered, an attempt's with its Started, the execution's own with
    /// none (0); another one after each redrive.
    package func span(from event: Int, redrives: Int) -> SpanID {
        let place = UInt64(truncatingIfNeeded: event) << 16 | UInt64(truncatingIfNeeded: redrives) & 0xFFFF
        let mixed = SeededGenerator.mix(id.high ^ SeededGenerator.mix(id.low &+ SeededGenerator.mix(place)))
        return SpanID(mixed == 0 ? 1 : mixed)
    }

    /// What is passed on by the span that begins with an event.
    package func context(from event: Int, redrives: Int) -> TraceContext {
        TraceContext(trace: trace, span: span(from: event, redrives: redrives), isSampled: isSampled)
    }
}
