import Interpreter
import JSON
import StatesLanguage
import Store

/// An event as the history has it, with what links it to others.
struct NumberedEvent {
    let id: Int
    let previousID: Int
    let type: HistoryEventType
    let at: Timestamp
    let name: String?
    let cause: String?
}

extension Checks {
    /// The history of an ended execution is whole: numbered without gaps, linked backwards, each thing once.
    func examineHistory(of execution: ModelStore.Execution) {
        let id = execution.start.id
        let events = events(of: execution)
        expect(events.map(\.id) == Array(1...max(1, events.count)), "\(id): event ids have gaps or repeat")
        expect(events.allSatisfy { (0..<$0.id).contains($0.previousID) }, "\(id): an event follows none before it")
        expect(zip(events, events.dropFirst()).allSatisfy { $0.at <= $1.at }, "\(id): history runs backwards")
        expect(events.first?.type == .executionStarted, "\(id): history does not begin with ExecutionStarted")
        let ends: Set<HistoryEventType> = [
            .executionSucceeded, .executionFailed, .executionAborted, .executionTimedOut,
        ]
        expect(events.filter { ends.contains($0.type) }.count == 1, "\(id): it does not end once")
        expect(events.last.map { ends.contains($0.type) } ?? false, "\(id): something happens after its end")
        expect(events.count == execution.branches.first?.row.lastEventID, "\(id): its last event's id is wrong")
        examineLinks(events, id)
        examineJoins(events, id)
        for event in events { examineCause(of: event, in: events, id) }
        guard let last = events.last?.type, [.executionSucceeded, .executionFailed].contains(last) else { return }
        examineIterations(events, id)
    }

    /// What can happen once after an event happens at most once.
    private func examineLinks(_ events: [NumberedEvent], _ id: ExecutionID) {
        let attemptEnds: Set<HistoryEventType> = [
            .lambdaFunctionSucceeded, .lambdaFunctionFailed, .lambdaFunctionTimedOut,
        ]
        var followed: Set<Int> = []
        for event in events where event.previousID > 0 && event.previousID <= events.count {
            let before = events[event.previousID - 1].type
            let isAttemptEnd = attemptEnds.contains(event.type)
            if isAttemptEnd {
                expect(before == .lambdaFunctionStarted, "\(id): event \(event.id) ends an attempt that did not start")
            }
            let isNext = event.type.rawValue.hasSuffix("StateEntered") && before.rawValue.hasSuffix("StateExited")
            let isJoin =
                [.parallelStateSucceeded, .mapStateSucceeded].contains(event.type)
                || [.parallelStateExited, .mapStateExited].contains(event.type)
            if isAttemptEnd || isNext {
                expect(followed.insert(event.previousID).inserted, "\(id): event \(event.previousID) is followed twice")
            } else if isJoin {
                expect(
                    followed.insert(-event.previousID * 2 - (event.type.rawValue.hasSuffix("Exited") ? 1 : 0)).inserted,
                    "\(id): event \(event.previousID) is joined twice"
                )
            }
        }
    }

    /// Only what begins or ends an execution from outside follows nothing, and a join follows a child's end.
    private func examineJoins(_ events: [NumberedEvent], _ id: ExecutionID) {
        let outside: Set<HistoryEventType> = [.executionStarted, .executionAborted, .executionTimedOut]
        for event in events where event.previousID < event.id {
            if event.previousID == 0 {
                expect(event.id == 2 || outside.contains(event.type), "\(id): event \(event.id) follows nothing")
                continue
            }
            let before = events[event.previousID - 1].type
            if event.type == .mapStateSucceeded {
                let ends: Set<HistoryEventType> = [
                    .mapStateStarted, .mapRunSucceeded, .mapIterationSucceeded, .mapIterationFailed, .taskStateAborted,
                ]
                expect(ends.contains(before), "\(id): event \(event.id) joins after \(before)")
            } else if event.type == .parallelStateSucceeded {
                let isEnd = before.rawValue.hasSuffix("StateExited") || before == .succeedStateEntered
                expect(isEnd, "\(id): event \(event.id) joins after \(before)")
            }
        }
    }

    /// A cause that says where a state was entered says it right.
    private func examineCause(of event: NumberedEvent, in events: [NumberedEvent], _ id: ExecutionID) {
        guard let cause = event.cause,
            let words = cause.split(separator: "(entered at the event id #").dropFirst().first,
            let number = Int(words.prefix { $0.isNumber }), let state = cause.split(separator: "'").dropFirst().first
        else { return }
        let entered = events.first { $0.id == number }
        expect(
            entered?.type.rawValue.hasSuffix("StateEntered") == true && entered?.name == String(state),
            "\(id): event \(event.id) says that \(state) was entered at event \(number)"
        )
    }

    private func examineIterations(_ events: [NumberedEvent], _ id: ExecutionID) {
        let types = events.map(\.type)
        let started = types.filter { $0 == .mapIterationStarted }.count
        let ended = types.filter {
            [.mapIterationSucceeded, .mapIterationFailed, .mapIterationAborted].contains($0)
        }.count
        expect(started == ended, "\(id): \(started) iterations began and \(ended) ended")
        let forks = types.filter { $0 == .mapStateStarted || $0 == .parallelStateStarted }.count
        let joins = types.filter { $0 == .mapStateSucceeded || $0 == .parallelStateSucceeded }.count
        expect(joins <= forks, "\(id): \(joins) joins of \(forks) forks")
    }

    /// Each event's type, and the one that it follows.
    func links(of execution: ModelStore.Execution) -> [String] {
        events(of: execution).map { "\($0.type.rawValue)<-\($0.previousID)" }
    }

    private func events(of execution: ModelStore.Execution) -> [NumberedEvent] {
        var events: [NumberedEvent] = []
        for row in execution.history {
            guard case .array(let items)? = try? JSONValue(parsing: row.events), items.count == row.eventCount else {
                expect(false, "\(row.key): a history row does not hold its events")
                continue
            }
            for (offset, item) in items.enumerated() {
                guard let code = item[0]?.int, let link = item[1]?.int,
                    HistoryEventType.allCases.indices.contains(code - 1)
                else { continue }
                let previous = link == 0 ? 0 : link < 0 ? row.previousEventID : row.firstEventID + link - 1
                events.append(
                    NumberedEvent(
                        id: row.firstEventID + offset,
                        previousID: previous,
                        type: HistoryEventType.allCases[code - 1],
                        at: row.at,
                        name: item[2]?["name"]?.string,
                        cause: item[2]?["cause"]?.string
                    )
                )
            }
        }
        return events
    }
}
