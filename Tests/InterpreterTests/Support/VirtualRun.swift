import Interpreter
import JSON
import StatesLanguage

/// Runs an execution in memory to its end, in virtual time: waits take none, and tasks take what the test says.
struct VirtualRun {
    /// What becomes of a Task's attempt.
    enum Answer: Sendable {
        case succeeds(JSONText, after: Duration = .zero)
        case fails(Failure, after: Duration = .zero)
        /// It never ends, unless by its deadline.
        case hangs
        /// Its heartbeat stops.
        case falls(after: Duration)
    }

    private struct Entry {
        let at: Timestamp
        let point: LocalExecution.Point
        let happening: Happening
    }

    static let start = Timestamp(microseconds: 1_714_557_600_000_000)

    private(set) var execution: LocalExecution
    /// How long each sleep lasted, in the order in which they began.
    private(set) var sleeps: [Duration] = []
    /// The attempts that were performed.
    private(set) var requests: [TaskRequest] = []
    /// The most attempts that were under way at once.
    private(set) var mostAtOnce = 0
    private var agenda: [Entry] = []
    private var attempts: Set<LocalExecution.Point> = []
    private var now = Self.start
    private var random = SeededGenerator(seed: 1)
    private let answer: (TaskRequest) -> Answer

    /// Runs until the execution ends, or until only what lies beyond `horizon` could happen.
    init(
        _ definition: StateMachineDefinition,
        input: JSONText = "{}",
        limits: Limits = Limits(),
        horizon: Duration = .seconds(400 * 86_400),
        tellsEventIDs: Bool = true,
        answer: @escaping (TaskRequest) -> Answer = { .succeeds($0.input) }
    ) {
        let info = ExecutionInfo(
            id: "arn:aws:states:us-east-1:111111111111:execution:machine:execution",
            name: "execution",
            input: input,
            roleARN: "arn:aws:iam::111111111111:role/conformance",
            startTime: Self.start,
            stateMachineID: "arn:aws:states:us-east-1:111111111111:stateMachine:machine",
            stateMachineName: "machine"
        )
        execution = LocalExecution(of: definition, as: info, limits: limits)
        execution.tellsEventIDs = tellsEventIDs
        self.answer = answer
        take(execution.start(at: now, using: &random))
        while execution.outcome == nil, let index = agenda.indices.min(by: { agenda[$0].at < agenda[$1].at }) {
            let next = agenda.remove(at: index)
            guard next.at - Self.start <= horizon else { break }
            now = max(now, next.at)
            attempts.remove(next.point)
            take(execution.resume(next.point, with: next.happening, at: now, using: &random))
        }
    }

    init(
        _ text: String,
        input: JSONText = "{}",
        limits: Limits = Limits(),
        answer: @escaping (TaskRequest) -> Answer = { .succeeds($0.input) }
    ) throws {
        self.init(try StateMachineDefinition(parsing: text), input: input, limits: limits, answer: answer)
    }

    var outcome: LocalExecution.Outcome? { execution.outcome }
    /// The history, each event as `id<-previous Type`.
    var history: [String] { execution.history.map { "\($0.id)<-\($0.previousEventID) \($0.event.type.rawValue)" } }
    var types: [HistoryEventType] { execution.history.map(\.event.type) }

    private mutating func take(_ actions: [LocalExecution.Action]) {
        for action in actions {
            switch action {
            case .perform(let request, let point), .await(let request, let point): perform(request, at: point)
            case .sleep(let until, let point):
                sleeps.append(until - now)
                agenda.append(Entry(at: until, point: point, happening: .begin))
            case .cancel(let point):
                agenda.removeAll { $0.point == point }
                attempts.remove(point)
            case .end: break
            }
        }
    }

    private mutating func perform(_ request: TaskRequest, at point: LocalExecution.Point) {
        requests.append(request)
        attempts.insert(point)
        mostAtOnce = max(mostAtOnce, attempts.count)
        var entry: Entry?
        switch answer(request) {
        case .succeeds(let output, let delay):
            entry = Entry(at: now + delay, point: point, happening: .succeeded(output))
        case .fails(let failure, let delay): entry = Entry(at: now + delay, point: point, happening: .failed(failure))
        case .falls(let delay): entry = Entry(at: now + delay, point: point, happening: .timedOut(heartbeat: true))
        case .hangs: break
        }
        if let deadline = request.deadline, entry.map({ $0.at > deadline }) ?? true {
            entry = Entry(at: deadline, point: point, happening: .timedOut(heartbeat: false))
        }
        if let entry { agenda.append(entry) }
    }
}

/// SplitMix64: the same numbers for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension JSONText: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) {
        self.init(trusted: text)
    }
}
