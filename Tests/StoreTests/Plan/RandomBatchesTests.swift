import Interpreter
import JSON
import StatesLanguage
@testable import Store
import Testing

@Suite("Batches at random")
struct RandomBatchesTests {
    @Test("leave every execution in order after each, and end each once", arguments: 0..<40)
    func orders(_ block: UInt64) {
        for seed in block * 5..<(block + 1) * 5 {
            var world = RandomWorld(seed: seed)
            for round in 0..<30 {
                world.submit()
                world.lease()
                if let fault = world.fault { return #expect(Bool(false), "seed \(seed), round \(round): \(fault)") }
            }
            world.drain()
            #expect(world.fault == nil, "seed \(seed), drained")
            let ends = Dictionary(grouping: world.table.ends, by: \.id)
            #expect(ends.values.allSatisfy { $0.count == 1 }, "seed \(seed)")
            #expect(ends.count == world.executions.count, "seed \(seed)")
        }
    }
}

/// Workers that do anything the store allows, and some things that it must not take.
private struct RandomWorld {
    var table = PlanTable()
    var executions: [ExecutionID] = []
    private var held: [BranchKey: Held] = [:]
    /// What was submitted before: submitted again, it must change nothing.
    private var old: [TransitionSubmission] = []
    private var random: Seeded
    private var isDraining = false

    init(seed: UInt64) {
        random = Seeded(state: seed &* 0x9E37_79B9_7F4A_7C15 | 1)
        for _ in 0...Int(seed % 3) {
            let root = table.start()
            held[root.key] = root
            executions.append(root.key.execution)
        }
    }

    /// Commits a batch of what some holders did.
    mutating func submit() {
        var submissions: [Submission] = []
        for branch in held.values.sorted(by: { $0.key < $1.key }).shuffled(using: &random)
        where isDraining || chance(60) {
            var one = table.submission(step(of: branch), of: branch, at: .test(number(20)))
            one.keeps = chance(70)
            one.takesOver = chance(80)
            one.share = number(4)
            one.takesUp = true
            one.aborted = { row in
                row.phase == .starting ? [] : [HistoryEvent(.taskStateAborted, after: .chain)]
            }
            submissions.append(.transition(one))
        }
        let fresh = submissions
        if let again = old.randomElement(using: &random), chance(30), !isDraining {
            submissions.insert(.transition(again), at: number(submissions.count + 1))
        }
        if chance(2), let id = executions.randomElement(using: &random), !isDraining {
            let stop = StopSubmission(execution: id, failure: Failure(error: nil, cause: nil), at: .test)
            submissions.insert(.stop(stop), at: number(submissions.count + 1))
        }
        let answers = table.commit(submissions)
        take(answers, of: submissions)
        old = (old + fresh.compactMap { if case .transition(let one) = $0 { one } else { nil } }).suffix(20)
    }

    private mutating func take(_ answers: [Answer], of submissions: [Submission]) {
        for (submission, answer) in zip(submissions, answers) {
            guard case .transition(let one) = submission, var branch = held[one.key], branch.lease == one.lease,
                branch.number == one.number
            else { continue }
            held[one.key] = nil
            guard let committed = answer.committed else { continue }
            branch.branch = one.transition.branch
            branch.take(answer)
            if committed.isHeld { held[one.key] = branch }
        }
        for committed in answers.compactMap(\.committed) where !committed.wasBefore {
            for taken in committed.taken { hold(taken.key, taken.lease) }
        }
        for (key, lease) in table.last.revoked where held[key]?.lease == lease { held[key] = nil }
    }

    /// Leases some of what is ready, or will be.
    mutating func lease() {
        for row in table.rows.values.sorted(by: { $0.key < $1.key }) {
            guard case .at = row.wake, isDraining || chance(50) else { continue }
            let lease = table.newLease()
            table[row.key]?.hand(to: lease, at: PlanTable.now)
            hold(row.key, lease)
        }
    }

    private mutating func hold(_ key: BranchKey, _ lease: Lease) {
        guard let row = table[key] else { return }
        var branch = Branch(kind: row.kind, state: row.state, phase: row.phase, input: "{}")
        branch.previousEventID = row.previousEventID
        held[key] = Held(key: key, parent: row.parent, lease: lease, number: row.transition, branch: branch)
    }

    /// Ends everything.
    mutating func drain() {
        isDraining = true
        for _ in 0..<200 where !held.isEmpty || table.rows.values.contains(where: { $0.status == .open }) {
            submit()
            lease()
            if fault != nil { return }
        }
    }

    private mutating func step(of branch: Held) -> Step {
        let isRoot = branch.key.isRoot
        let ordinal = if case .iteration(let ordinal) = branch.branch.kind { ordinal } else { 0 }
        let end: Step = isRoot ? .complete() : .endIteration(ordinal)
        if isDraining { return end }
        switch number(isRoot ? 90 : 100) {
        case 0..<15: return .perform()
        case 15..<25: return .proceed()
        case 25..<30: return .sleep(until: .test(2_000))
        case 30..<60 where branch.key.branch < 40:
            return .map(1 + number(5), maxConcurrency: number(4), tolerated: chance(40) ? number(3) : nil)
        case 60..<66: return isRoot && chance(70) ? .perform() : isRoot ? .fail() : .failIteration(ordinal)
        case 66..<75: return isRoot ? .perform() : .endIteration(ordinal)
        case 75..<90: return isRoot ? .proceed() : .endIteration(ordinal)
        default: return end
        }
    }

    private mutating func chance(_ percent: Int) -> Bool { number(100) < percent }

    private mutating func number(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }
}

extension RandomWorld {
    /// What is not as it must be between two batches; `nil` if all is.
    fileprivate var fault: String? {
        for id in executions { if let fault = historyFault(of: id) ?? treeFault(of: id) { return "\(id): \(fault)" } }
        let leases = table.rows.values.compactMap(\.lease)
        if Set(leases).count != leases.count { return "a lease of two branches" }
        for row in table.rows.values {
            if (row.lease != nil) != (row.wake == .leased) { return "\(row.key) is leased and not" }
            if let lease = row.lease, held[row.key]?.lease != lease { return "nobody knows that it holds \(row.key)" }
        }
        for branch in held.values where table[branch.key]?.lease != branch.lease {
            return "\(branch.key) is not held by who was told so"
        }
        return nil
    }

    private func historyFault(of id: ExecutionID) -> String? {
        let events = table.history[id] ?? []
        guard events.map(\.id) == Array(1...max(1, events.count)) else { return "event ids" }
        guard table[BranchKey(id, 0)]?.lastEventID == events.count else { return "last event id" }
        guard events.map(\.at) == events.map(\.at).sorted() else { return "times" }
        guard events.allSatisfy({ $0.previousID < $0.id }) else { return "links" }
        return nil
    }

    private func treeFault(of id: ExecutionID) -> String? {
        let rows = table.rows.values.filter { $0.key.execution == id }
        let open = rows.filter { $0.status == .open || $0.status == .unstarted }
        if table[BranchKey(id, 0)]?.status != .open {
            return open.isEmpty && table.ends.contains { $0.id == id } ? nil : "ended with open branches"
        }
        for row in open {
            let children = open.filter { $0.isChild(of: row) }
            if row.openChildren != children.count { return "\(row.key) counts its open children wrongly" }
            if row.phase == .forked, row.status == .open {
                if row.openChildren == 0 { return "\(row.key) is not joined" }
                if row.wake != .never { return "\(row.key) is ready with open children" }
                let unstarted = children.filter { $0.status == .unstarted }.compactMap(\.ordinal).sorted()
                if unstarted != Array(row.nextChild..<row.childCount) { return "\(row.key) does not start in order" }
            } else if row.status == .open, row.wake == .never {
                return "\(row.key) waits for nothing"
            }
            if let number = row.parent, !open.contains(where: { $0.key.branch == number && row.isChild(of: $0) }) {
                return "\(row.key) is open without its parent"
            }
        }
        return nil
    }
}

extension BranchRow {
    fileprivate var ordinal: Int? { if case .iteration(let ordinal) = kind { ordinal } else { nil } }
}

/// A generator with a seed.
private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let mixed = (state ^ (state >> 33)) &* 0xFF51_AFD7_ED55_8CCD
        return mixed ^ (mixed >> 33)
    }
}
