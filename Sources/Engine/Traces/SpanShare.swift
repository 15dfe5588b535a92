package import Store
package import Tracing

/// The spans of an execution that have ended, each until it is known who committed its end.
///
/// History tells of a commit sooner than the commit's own answer: what is read for the sake of one may hold the ends of others
/// that are told of a moment later. Those of other processes are never claimed here, and in time forgotten.
package struct SpanShare: Sendable {
    /// How many wait to be claimed at most.
    private static let most = 1_000
    private var assembler: SpanAssembler
    private var unclaimed: [SpanAssembler.Ended] = []

    package init(of subject: SpanSubject) { assembler = SpanAssembler(of: subject) }

    /// The last event that was read.
    package var position: Int { assembler.position }
    /// Whether the execution is over, as far as was read.
    package var isOver: Bool { assembler.isOver }

    /// Takes what was read.
    package mutating func take(_ events: [EventOutline]) { unclaimed += assembler.take(events) }

    /// Returns the spans that this process has ended, each once; nothing where nobody wants to know of them.
    ///
    /// - Parameter owns: Whether it committed an event, which may be the execution's end.
    /// - Returns: The spans.
    package mutating func claim(_ owns: (_ event: Int, _ isEnd: Bool) -> Bool) -> [Span] {
        var claimed: [Span] = []
        let (last, isOver) = (position, isOver)
        unclaimed.removeAll { one in
            guard owns(one.event, isOver && one.event == last) else { return false }
            claimed.append(one.span)
            return true
        }
        if unclaimed.count > Self.most { unclaimed.removeFirst(unclaimed.count - Self.most) }
        return assembler.isSampled ? claimed : []
    }
}
