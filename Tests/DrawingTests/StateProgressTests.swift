import Testing

@testable import Drawing

@Suite("How the states of an execution stand")
struct StateProgressTests {
    private typealias Event = (previous: Int, type: String, name: String?)

    /// The statuses after these events, numbered from 1.
    private func statuses(_ events: [Event]) -> [String: StateStatus] {
        var progress = StateProgress()
        for (index, event) in events.enumerated() {
            progress.take(id: index + 1, previous: event.previous, type: event.type, name: event.name)
        }
        return progress.statuses.mapValues(\.status)
    }

    private let mapOfTwo: [Event] = [
        (0, "ExecutionStarted", nil), (0, "MapStateEntered", "Each"), (2, "MapStateStarted", nil),
        (3, "MapIterationStarted", "Each"), (3, "MapIterationStarted", "Each"), (4, "TaskStateEntered", "Work"),
        (5, "TaskStateEntered", "Work"),
    ]

    @Test("is running between entered and exited")
    func running() {
        #expect(statuses(mapOfTwo) == ["Each": .running, "Work": .running])
    }

    @Test("is succeeded when all visits are, also where a retry has mended one")
    func succeeded() {
        let events: [Event] =
            mapOfTwo + [
                (6, "TaskFailed", nil), (8, "TaskScheduled", nil), (9, "TaskSucceeded", nil),
                (10, "TaskStateExited", "Work"), (11, "MapIterationSucceeded", "Each"), (7, "TaskStateExited", "Work"),
                (13, "MapIterationSucceeded", "Each"), (14, "MapStateSucceeded", nil), (14, "MapStateExited", "Each"),
                (16, "PassStateEntered", "After"), (17, "PassStateExited", "After"), (18, "ExecutionSucceeded", nil),
            ]
        #expect(statuses(events) == ["Each": .succeeded, "Work": .succeeded, "After": .succeeded])
    }

    @Test("is failed for the state that failed and all around it, and aborted for its siblings")
    func failed() {
        let events: [Event] =
            mapOfTwo + [
                (6, "TaskFailed", nil), (8, "MapIterationFailed", "Each"), (8, "TaskStateAborted", nil),
                (8, "MapStateFailed", nil), (11, "ExecutionFailed", nil),
            ]
        #expect(statuses(events) == ["Each": .failed, "Work": .failed])
        var progress = StateProgress()
        for (index, event) in events.enumerated() {
            progress.take(id: index + 1, previous: event.previous, type: event.type, name: event.name)
        }
        #expect(progress.statuses["Work"]?.visits == 2)
    }

    @Test("is caught where a catcher goes on from a failure")
    func caught() {
        let events: [Event] = [
            (0, "ExecutionStarted", nil), (0, "TaskStateEntered", "Work"), (2, "TaskFailed", nil),
            (3, "TaskStateExited", "Work"), (4, "PassStateEntered", "Mend"), (5, "PassStateExited", "Mend"),
        ]
        #expect(statuses(events) == ["Work": .caught, "Mend": .succeeded])
    }

    @Test("is failed for a state whose expression failed, though its event is not linked to it")
    func evaluation() {
        let events: [Event] = [
            (0, "ExecutionStarted", nil), (0, "PassStateEntered", "First"), (0, "EvaluationFailed", "First"),
            (3, "ExecutionFailed", nil),
        ]
        #expect(statuses(events) == ["First": .failed])
    }

    @Test("is running again after a redrive")
    func redriven() {
        let events: [Event] = [
            (0, "ExecutionStarted", nil), (0, "TaskStateEntered", "Work"), (2, "TaskFailed", nil),
            (3, "ExecutionFailed", nil), (4, "ExecutionRedriven", nil),
        ]
        #expect(statuses(events) == ["Work": .running])
    }

    @Test("is aborted for what ran when the execution was stopped")
    func stopped() {
        #expect(statuses(mapOfTwo + [(0, "ExecutionAborted", nil)]) == ["Each": .aborted, "Work": .aborted])
    }
}
