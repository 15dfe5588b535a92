import Engine
import Interpreter
import StatesLanguage
import Store
import Testing
import Tracing

@Suite("The spans of an execution's events")
struct SpanAssemblerTests {
    private static let id = ExecutionID(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0001)

    /// A history that is written down event by event; time goes on by a millisecond with each.
    private struct History {
        var events: [EventOutline] = []

        mutating func write(
            _ type: HistoryEventType,
            _ state: String? = nil,
            in branch: Int = 0,
            below parent: Int? = nil,
            error: String? = nil,
            index: Int? = nil
        ) {
            let number = events.count + 1
            events.append(
                EventOutline(
                    id: number,
                    previousID: number - 1,
                    type: type,
                    at: Timestamp(microseconds: Int64(number) * 1_000),
                    state: state,
                    index: index,
                    error: error,
                    resource: type == .lambdaFunctionScheduled ? "arn:f" : nil,
                    branch: branch,
                    parent: parent
                )
            )
        }
    }

    private static func spans(_ header: String? = nil, _ write: (inout History) -> Void) -> [Span] {
        var history = History()
        write(&history)
        // One event at a time, as it comes with each commit.
        var assembler = SpanAssembler(of: subject(header))
        return history.events.flatMap { assembler.take([$0]) }.map(\.span)
    }

    private static func subject(_ header: String?) -> SpanSubject {
        SpanSubject(id: id, arn: "arn:e", stateMachineARN: "arn:m", stateMachineName: "M", traceHeader: header)
    }

    private static func outcome(_ span: Span?) -> [String?] {
        guard let span else { return [] }
        return ["braid.status", "error.type"].map { name in
            if case .text(let text)? = span[attribute: name] { text } else { nil }
        }
    }

    @Test("are execution, state and attempt, one below the other, with a span for each retry")
    func attempts() throws {
        let spans = Self.spans { history in
            history.write(.executionStarted)
            history.write(.taskStateEntered, "A")
            history.write(.lambdaFunctionScheduled, "A")
            history.write(.lambdaFunctionStarted, "A")
            history.write(.lambdaFunctionFailed, "A", error: "Boom")
            history.write(.lambdaFunctionScheduled, "A")
            history.write(.lambdaFunctionStarted, "A")
            history.write(.lambdaFunctionSucceeded, "A")
            history.write(.taskStateExited, "A")
            history.write(.executionSucceeded)
        }
        #expect(spans.map(\.name) == ["A attempt 1", "A attempt 2", "A", "M"])
        let state = spans[2]
        let execution = spans[3]
        #expect(spans[0].parent == state.id && spans[1].parent == state.id)
        #expect(state.parent == execution.id && execution.parent == nil)
        #expect(Set(spans.map(\.trace)) == [TraceID(high: Self.id.high, low: Self.id.low)])
        #expect(Set(spans.map(\.id)).count == 4)
        #expect(
            spans.map { Self.outcome($0) } == [["FAILED", "Boom"]] + Array(repeating: ["SUCCEEDED", nil], count: 3)
        )
        #expect(spans.map(\.start) == [3_000, 6_000, 2_000, 1_000])
        #expect(spans.map(\.end) == [5_000, 8_000, 9_000, 10_000])
        #expect(spans[0][attribute: "braid.resource"] == .text("arn:f"))
        #expect(state[attribute: "braid.attempts"] == .number(2))
    }

    @Test("have the ids that functions were told before anything was read")
    func identifiers() {
        let ids = SpanIDs(of: Self.id, traceHeader: nil)
        let spans = Self.spans { history in
            history.write(.executionStarted)
            history.write(.taskStateEntered, "A")
            history.write(.lambdaFunctionScheduled, "A")
            history.write(.lambdaFunctionStarted, "A")
            history.write(.lambdaFunctionSucceeded, "A")
        }
        #expect(spans.map(\.id) == [ids.span(from: 4, redrives: 0)])
    }

    @Test("of a Parallel's branches stand below its state; those that a failure ended are aborted")
    func parallel() throws {
        let spans = Self.spans { history in
            history.write(.executionStarted)
            history.write(.parallelStateEntered, "P")
            history.write(.parallelStateStarted, "P")
            history.write(.taskStateEntered, "A", in: 1, below: 0)
            history.write(.lambdaFunctionScheduled, "A", in: 1, below: 0)
            history.write(.waitStateEntered, "B", in: 2, below: 0)
            history.write(.lambdaFunctionStarted, "A", in: 1, below: 0)
            history.write(.lambdaFunctionFailed, "A", in: 1, below: 0, error: "Boom")
            history.write(.waitStateAborted, "B", in: 2, below: 0)
            history.write(.parallelStateFailed, "P")
            history.write(.parallelStateExited, "P")
            history.write(.executionSucceeded)
        }
        let parallel = try #require(spans.first { $0.name == "P" })
        let failed = try #require(spans.first { $0.name == "A" })
        let aborted = try #require(spans.first { $0.name == "B" })
        #expect(failed.parent == parallel.id && aborted.parent == parallel.id)
        #expect(Self.outcome(failed) == ["FAILED", "Boom"])
        #expect(failed.end == 8_000)
        #expect(Self.outcome(aborted) == ["ABORTED", nil])
        #expect(Self.outcome(parallel) == ["SUCCEEDED", nil])
        #expect(aborted.status == .unset)
    }

    @Test("of a Map's iterations say which; a tolerated failure ends its own")
    func map() throws {
        let spans = Self.spans { history in
            history.write(.executionStarted)
            history.write(.mapStateEntered, "M")
            history.write(.mapStateStarted, "M")
            for index in 0...1 {
                history.write(.mapIterationStarted, "M", in: index + 1, below: 0, index: index)
                history.write(.failStateEntered, "F", in: index + 1, below: 0)
                history.write(.mapIterationFailed, "M", in: index + 1, below: 0, index: index)
            }
            history.write(.mapStateSucceeded, "M")
            history.write(.mapStateExited, "M")
        }
        let iterations = spans.filter { $0.name == "F" }
        #expect(iterations.map { $0[attribute: "braid.iteration"] } == [.number(0), .number(1)])
        #expect(iterations.map { Self.outcome($0)[0] } == ["FAILED", "FAILED"])
        #expect(Set(iterations.map(\.parent)) == [spans.first { $0.name == "M" }?.id])
    }

    @Test("of an execution that is stopped end with it, as aborted")
    func stopped() {
        let spans = Self.spans { history in
            history.write(.executionStarted)
            history.write(.taskStateEntered, "A")
            history.write(.lambdaFunctionScheduled, "A")
            history.write(.executionAborted, error: "Enough")
        }
        #expect(spans.map(\.name) == ["A attempt 1", "A", "M"])
        #expect(spans.map { Self.outcome($0)[0] } == ["ABORTED", "ABORTED", "ABORTED"])
        #expect(Self.outcome(spans[2]) == ["ABORTED", "Enough"])
    }

    @Test("after a redrive are others than before, of the same trace, one below the other again")
    func redriven() throws {
        let spans = Self.spans { history in
            history.write(.executionStarted)
            history.write(.parallelStateEntered, "P")
            history.write(.parallelStateStarted, "P")
            history.write(.taskStateEntered, "A", in: 1, below: 0)
            history.write(.lambdaFunctionScheduled, "A", in: 1, below: 0)
            history.write(.lambdaFunctionFailed, "A", in: 1, below: 0, error: "Boom")
            history.write(.parallelStateFailed, "P")
            history.write(.executionFailed, error: "Boom")
            history.write(.executionRedriven)
            history.write(.lambdaFunctionScheduled, "A", in: 1, below: 0)
            history.write(.lambdaFunctionSucceeded, "A", in: 1, below: 0)
            history.write(.taskStateExited, "A", in: 1, below: 0)
            history.write(.parallelStateSucceeded, "P")
            history.write(.parallelStateExited, "P")
            history.write(.executionSucceeded)
        }
        #expect(spans.map(\.name) == ["A attempt 1", "A", "P", "M", "A attempt 1", "A", "P", "M"])
        #expect(Set(spans.map(\.id)).count == 8 && Set(spans.map(\.trace)).count == 1)
        for first in [0, 4] {
            #expect((0...2).allSatisfy { spans[first + $0].parent == spans[first + $0 + 1].id })
        }
        #expect(spans[5...7].map(\.start) == [9_000, 9_000, 9_000])
    }

    @Test("belong to the trace that the execution was given, below the span that it was given")
    func given() {
        let context = TraceContext(trace: TraceID(high: 7, low: 8), span: SpanID(9))
        let spans = Self.spans(context.xray) { history in
            history.write(.executionStarted)
            history.write(.executionSucceeded)
        }
        #expect(spans.map(\.trace) == [context.trace])
        #expect(spans.map(\.parent) == [context.span])
    }

    @Test("are sent by whoever committed their ends, also where that is told of after they were read, and once")
    func claimed() {
        var history = History()
        history.write(.executionStarted)
        history.write(.passStateEntered, "A")
        history.write(.passStateExited, "A")
        history.write(.passStateEntered, "B")
        history.write(.passStateExited, "B")
        history.write(.executionAborted)
        var share = SpanShare(of: Self.subject(nil))
        share.take(history.events)
        #expect(share.claim { event, _ in event == 5 }.map(\.name) == ["B"])
        #expect(share.claim { event, _ in event == 3 || event == 5 }.map(\.name) == ["A"])
        #expect(share.claim { _, isEnd in isEnd }.map(\.name) == ["M"])
        #expect(share.claim { _, _ in true }.isEmpty)
    }
}
