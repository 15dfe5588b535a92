import Interpreter
import StatesLanguage
package import Store
package import Tracing

/// Makes spans of an execution's events: its own, one for each state that was entered, one for each attempt of a Task.
///
/// A value: events go in, in order, and spans come out with the event that ends them. A state's parent is the execution, or
/// the Parallel or Map state that its branch belongs to. After a redrive what runs again gets spans of its own, in the same
/// trace.
package struct SpanAssembler: Sendable {
    /// A span that has ended, and with which event.
    package struct Ended: Sendable {
        package let span: Span
        package let event: Int
    }

    private struct OpenState: Sendable {
        var name: String
        var type: String
        var entered: Int
        var id: SpanID
        var parent: SpanID
        var start: Int64
        var attempts = 0
        var attempt: OpenAttempt?
        /// What went wrong last, and when.
        var failure: (failure: Failure, status: String, at: Int64)?
        var isClosed = false
    }

    private struct OpenAttempt: Sendable {
        var id: SpanID
        var start: Int64
        var resource: String?
        var number: Int
    }

    private struct Line: Sendable {
        var parent: Int?
        var index: Int?
        var state: OpenState?
        var children: [Int] = []
    }

    private let subject: SpanSubject
    private let ids: SpanIDs
    private var lines: [Int: Line] = [:]
    private var start: Int64 = 0
    private var redrives = 0
    /// Types by the names of the states that were entered.
    private var types: [String: String] = [:]
    private var ended: [Ended] = []
    /// The last event that it was given.
    package private(set) var position = 0
    /// Whether the execution is over, as far as the events go.
    package private(set) var isOver = false

    package init(of subject: SpanSubject) {
        self.subject = subject
        ids = SpanIDs(of: subject.id, traceHeader: subject.traceHeader)
    }

    /// Whether anybody is to be sent what comes out.
    package var isSampled: Bool { ids.isSampled }

    /// Takes the next events, and returns the spans that they end.
    package mutating func take(_ events: [EventOutline]) -> [Ended] {
        ended = []
        for event in events where event.id > position {
            take(event)
            position = event.id
        }
        return ended
    }

    private mutating func take(_ event: EventOutline) {
        switch event.type {
        case .executionStarted: start = event.at.microseconds
        case .executionRedriven:
            start = event.at.microseconds
            redrives += 1
            isOver = false
        case .executionSucceeded, .executionFailed, .executionAborted, .executionTimedOut: end(by: event)
        case let type where type.rawValue.hasSuffix("StateEntered"): enter(event)
        case let type where type.rawValue.hasSuffix("StateExited"):
            reopen(event.branch, by: event)
            close(event.branch, "SUCCEEDED", nil, by: event)
            forgetChildren(of: event.branch)
            lines[event.branch]?.state = nil
        case .mapIterationStarted:
            line(of: event)
            lines[event.branch]?.index = event.index
        case .mapIterationSucceeded, .mapRunStarted, .mapRunSucceeded, .mapRunFailed, .mapRunAborted, .mapRunRedriven,
            .parallelStateSucceeded, .mapStateSucceeded:
            break
        case .mapIterationFailed: fail(event.branch, by: event)
        case .parallelStateStarted, .mapStateStarted:
            reopen(event.branch, by: event)
            forgetChildren(of: event.branch)
            lines[event.branch]?.state?.attempts += 1
            lines[event.branch]?.state?.failure = nil
        case .parallelStateFailed, .mapStateFailed:
            for child in lines[event.branch]?.children ?? [] { fail(child, by: event) }
            note(event, status: "FAILED")
        default: takeAttempt(event)
        }
    }

    // MARK: States

    private mutating func line(of event: EventOutline) {
        guard lines[event.branch] == nil else { return }
        lines[event.branch] = Line(parent: event.parent)
        if let parent = event.parent { lines[parent, default: Line()].children.append(event.branch) }
    }

    private mutating func enter(_ event: EventOutline) {
        line(of: event)
        let name = event.state ?? ""
        let type = String(event.type.rawValue.dropLast("StateEntered".count))
        types[name] = type
        open(event.branch, name, type, from: event.id, at: event.at.microseconds)
    }

    private mutating func open(_ branch: Int, _ name: String, _ type: String, from event: Int, at start: Int64) {
        lines[branch, default: Line()].state = OpenState(
            name: name,
            type: type,
            entered: event,
            id: ids.span(from: event, redrives: redrives),
            parent: parent(of: branch),
            start: start
        )
    }

    /// The span that a branch's states stand below: that of the state that forked it.
    private mutating func parent(of branch: Int) -> SpanID {
        guard let parent = lines[branch]?.parent, let state = lines[parent]?.state else {
            return ids.span(from: 0, redrives: redrives)
        }
        if state.isClosed { open(parent, state.name, state.type, from: state.entered, at: start) }
        return lines[parent]?.state?.id ?? state.id
    }

    /// Makes a branch's state one that goes on: after a redrive it does without being entered again.
    private mutating func reopen(_ branch: Int, by event: EventOutline) {
        line(of: event)
        guard let name = event.state else { return }
        guard let state = lines[branch]?.state else {
            return open(branch, name, types[name] ?? "Task", from: event.id, at: event.at.microseconds)
        }
        if state.isClosed { open(branch, state.name, state.type, from: state.entered, at: start) }
    }

    private mutating func note(_ event: EventOutline, status: String) {
        reopen(event.branch, by: event)
        let failure = Failure(error: event.error, cause: event.cause)
        lines[event.branch]?.state?.failure = (failure, status, event.at.microseconds)
    }

    /// Ends what is open in a branch and in those below it, as failed where it failed itself, else as aborted.
    private mutating func fail(_ branch: Int, by event: EventOutline) {
        for child in lines[branch]?.children ?? [] { fail(child, by: event) }
        guard let state = lines[branch]?.state, !state.isClosed else { return }
        let isStopped = event.type == .executionAborted || event.type == .executionTimedOut
        if let (failure, status, at) = state.failure, !isStopped {
            close(branch, status, failure, by: event, at: at)
        } else if state.type == "Fail" {
            close(branch, "FAILED", Failure(error: event.error, cause: event.cause), by: event)
        } else {
            close(branch, "ABORTED", nil, by: event)
        }
    }

    private mutating func forgetChildren(of branch: Int) {
        for child in lines[branch]?.children ?? [] {
            forgetChildren(of: child)
            lines[child] = nil
        }
        lines[branch]?.children = []
    }

    private mutating func close(
        _ branch: Int,
        _ status: String,
        _ failure: Failure?,
        by event: EventOutline,
        at time: Int64? = nil
    ) {
        guard let state = lines[branch]?.state, !state.isClosed else { return }
        closeAttempt(branch, status == "SUCCEEDED" ? "SUCCEEDED" : "ABORTED", nil, by: event)
        var attributes = common
        attributes.append(("braid.state.name", .text(state.name)))
        attributes.append(("braid.state.type", .text(state.type)))
        if let index = lines[branch]?.index { attributes.append(("braid.iteration", .number(index))) }
        if state.attempts > 0 { attributes.append(("braid.attempts", .number(state.attempts))) }
        emit(
            state.id,
            below: state.parent,
            state.name,
            from: state.start,
            to: time ?? event.at.microseconds,
            attributes,
            status,
            failure,
            by: event
        )
        lines[branch]?.state?.isClosed = true
    }

    // MARK: Attempts

    private mutating func takeAttempt(_ event: EventOutline) {
        let name = event.type.rawValue
        if name.hasSuffix("ScheduleFailed") || name.hasSuffix("StartFailed") || name.hasSuffix("SubmitFailed") {
            closeAttempt(event.branch, "FAILED", event, by: event)
            note(event, status: "FAILED")
        } else if name.hasSuffix("Scheduled") {
            reopen(event.branch, by: event)
            lines[event.branch]?.state?.attempts += 1
            lines[event.branch]?.state?.failure = nil
            let number = lines[event.branch]?.state?.attempts ?? 1
            lines[event.branch]?.state?.attempt = OpenAttempt(
                id: ids.span(from: event.id, redrives: redrives),
                start: event.at.microseconds,
                resource: event.resource,
                number: number
            )
        } else if name.hasSuffix("Started") {
            lines[event.branch]?.state?.attempt?.id = ids.span(from: event.id, redrives: redrives)
        } else if name.hasSuffix("Succeeded") {
            closeAttempt(event.branch, "SUCCEEDED", nil, by: event)
        } else if name.hasSuffix("TimedOut") {
            closeAttempt(event.branch, "TIMED_OUT", event, by: event)
            note(event, status: "TIMED_OUT")
        } else if name.hasSuffix("Failed") {
            closeAttempt(event.branch, "FAILED", event, by: event)
            note(event, status: "FAILED")
        }
    }

    private mutating func closeAttempt(
        _ branch: Int,
        _ status: String,
        _ failing: EventOutline?,
        by event: EventOutline
    ) {
        guard let state = lines[branch]?.state, let attempt = state.attempt else { return }
        lines[branch]?.state?.attempt = nil
        var attributes = common
        attributes.append(("braid.state.name", .text(state.name)))
        attributes.append(("braid.attempt", .number(attempt.number)))
        if let resource = attempt.resource { attributes.append(("braid.resource", .text(resource))) }
        emit(
            attempt.id,
            below: state.id,
            "\(state.name) attempt \(attempt.number)",
            .client,
            from: attempt.start,
            to: event.at.microseconds,
            attributes,
            status,
            failing.map { Failure(error: $0.error, cause: $0.cause) },
            by: event
        )
    }

    // MARK: The execution

    private mutating func end(by event: EventOutline) {
        fail(0, by: event)
        let status =
            switch event.type {
            case .executionSucceeded: "SUCCEEDED"
            case .executionFailed: "FAILED"
            case .executionTimedOut: "TIMED_OUT"
            default: "ABORTED"
            }
        var attributes = common
        if redrives > 0 { attributes.append(("braid.redrives", .number(redrives))) }
        emit(
            ids.span(from: 0, redrives: redrives),
            below: ids.given?.span,
            subject.stateMachineName,
            .server,
            from: start,
            to: event.at.microseconds,
            attributes,
            status,
            status == "SUCCEEDED" ? nil : Failure(error: event.error, cause: event.cause),
            by: event
        )
        isOver = true
    }

    private var common: [(name: String, value: Span.Value)] {
        [
            ("braid.execution.arn", .text(subject.arn)),
            ("braid.state_machine.arn", .text(subject.stateMachineARN)),
        ]
    }

    private mutating func emit(
        _ id: SpanID,
        below parent: SpanID?,
        _ name: String,
        _ kind: Span.Kind = .internal,
        from start: Int64,
        to end: Int64,
        _ attributes: [(name: String, value: Span.Value)],
        _ status: String,
        _ failure: Failure?,
        by event: EventOutline
    ) {
        var attributes = attributes
        attributes.append(("braid.status", .text(status)))
        if let error = failure?.error { attributes.append(("error.type", .text(error))) }
        let outcome: Span.Status =
            switch status {
            case "SUCCEEDED": .ok
            case "ABORTED": .unset
            default: .error(failure?.cause ?? failure?.error ?? status)
            }
        let span = Span(
            trace: ids.trace,
            id: id,
            parent: parent,
            name: name,
            kind: kind,
            start: start,
            end: end,
            attributes: attributes,
            status: outcome
        )
        ended.append(Ended(span: span, event: event.id))
    }
}
