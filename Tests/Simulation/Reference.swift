import Engine
import Interpreter
import JSON
import StatesLanguage

/// How an execution ended, without what depends on the order of things: the ids of events in causes, and the history of one
/// of many branches.
struct Outcome: Hashable, CustomStringConvertible {
    let description: String

    init(_ status: String, output: JSONText?, failure: Failure?, history: [String]) {
        let words = [status, output?.text, failure?.error, failure?.cause].map { $0 ?? "-" } + history
        var text: [UInt8] = []
        var isNumber = false
        for byte in words.joined(separator: " | ").utf8 {
            isNumber = isNumber && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            if !isNumber { text.append(byte) }
            if byte == UInt8(ascii: "#") { isNumber = true }
        }
        description = String(decoding: text, as: UTF8.self)
    }
}

/// Says how an execution may end: it is run in memory, one thing after the other, with the same answers of its functions.
struct Reference {
    private struct Entry {
        let at: Timestamp
        let point: LocalExecution.Point
        let happening: Happening
    }

    let interpreter: Interpreter
    let info: ExecutionInfo
    /// Where it begins, if that is not the machine's own start.
    let processor: StateGraph?
    let answers: TaskAnswers
    /// Whether the history can only be one: of one branch, and as the interpreter alone writes it.
    let isLinear: Bool

    /// How it ends if none of its runs ends so; `nil` if one does.
    ///
    /// Which of two failing children is the first is chance, and so is whether an attempt that had to be begun again ends
    /// before its deadline; so there may be many runs, each in another order.
    func other(than outcome: Outcome, seed: UInt64) -> Outcome? {
        var random = SeededGenerator(seed: seed)
        for run in 0..<2_000 where ended(late: [0, 5, 30][run % 3], using: &random) == outcome { return nil }
        return ended(late: 0, using: &random)
    }

    /// Runs it once; of 100 attempts so many come after their deadline.
    func ended(late: Int, using random: inout SeededGenerator) -> Outcome? {
        var execution = LocalExecution(
            of: interpreter.definition,
            as: info,
            from: processor,
            limits: interpreter.limits
        )
        execution.isStepwise = true
        // How patiently what could go on is left waiting while time passes.
        let patience = Int.random(in: 1...8, using: &random)
        var now = info.startTime
        var agenda: [Entry] = []
        var actions = execution.start(at: now, using: &random)
        while execution.outcome == nil {
            for action in actions {
                switch action {
                case .perform(let request, let point) where request.token != nil:
                    agenda.append(call(request, at: point, now, late: late, using: &random))
                case .perform(let request, let point), .await(let request, let point):
                    agenda.append(entry(for: request, at: point, now, late: late, using: &random))
                case .sleep(let until, let point): agenda.append(Entry(at: until, point: point, happening: .begin))
                case .cancel(let point): agenda.removeAll { $0.point == point }
                case .end: break
                }
            }
            let index = agenda.indices.min { agenda[$0].at < agenda[$1].at }
            if execution.readyCount > 0, index == nil || Int.random(in: 0..<10, using: &random) >= patience {
                let place = Int.random(in: 0..<execution.readyCount, using: &random)
                actions = execution.step(place, at: now, using: &random)
            } else if let index {
                let next = agenda.remove(at: index)
                now = max(now, next.at)
                actions = execution.resume(next.point, with: next.happening, at: now, using: &random)
            } else {
                return nil
            }
        }
        let events = isLinear ? execution.history.map { "\($0.event.type.rawValue)<-\($0.previousEventID)" } : []
        switch execution.outcome {
        case .succeeded(let output): return Outcome("SUCCEEDED", output: output, failure: nil, history: events)
        case .failed(let failure): return Outcome("FAILED", output: nil, failure: failure, history: events)
        case .aborted, .timedOut, nil: return nil
        }
    }

    /// The call of a Task that waits for its token is answered, or its worker was lost for too long; what ends it comes later.
    private func call(
        _ request: TaskRequest,
        at point: LocalExecution.Point,
        _ now: Timestamp,
        late: Int,
        using random: inout SeededGenerator
    ) -> Entry {
        if let deadline = request.deadline, Int.random(in: 0..<100, using: &random) < late {
            return Entry(at: deadline, point: point, happening: .timedOut(heartbeat: false))
        }
        // What was called back first counts, whatever becomes of the call.
        let isLost = answers.losesCall(request) && Bool.random(using: &random)
        let failure = Failure(error: "E", cause: "lost")
        let end = now + .milliseconds(Int.random(in: 0...40, using: &random))
        return Entry(at: end, point: point, happening: isLost ? .failed(failure) : .succeeded(JSONText(trusted: "{}")))
    }

    private func entry(
        for request: TaskRequest,
        at point: LocalExecution.Point,
        _ now: Timestamp,
        late: Int,
        using random: inout SeededGenerator
    ) -> Entry {
        // Mostly soon; now and then only once somebody else has taken it over.
        let isSlow = Int.random(in: 0..<6, using: &random) == 0
        let end = now + .milliseconds(Int.random(in: isSlow ? 0...10_000 : 0...40, using: &random))
        // An activity's clocks begin when it is taken.
        let deadline = request.deadline ?? now + .seconds(20)
        if Int.random(in: 0..<100, using: &random) < late {
            if let heartbeat = request.heartbeat, Bool.random(using: &random) {
                return Entry(at: now + heartbeat, point: point, happening: .timedOut(heartbeat: true))
            }
            return Entry(at: deadline, point: point, happening: .timedOut(heartbeat: false))
        }
        switch answers.answer(request) {
        case .succeeds(let output): return Entry(at: end, point: point, happening: .succeeded(output))
        case .fails(let failure): return Entry(at: end, point: point, happening: .failed(failure))
        case .hangs(let output) where request.token != nil && Bool.random(using: &random):
            return Entry(at: now + .seconds(8), point: point, happening: .succeeded(output))
        case .hangs where request.heartbeat != nil:
            let end = now + (request.heartbeat ?? .zero)
            return Entry(at: end, point: point, happening: .timedOut(heartbeat: true))
        case .hangs: return Entry(at: deadline, point: point, happening: .timedOut(heartbeat: false))
        }
    }
}
