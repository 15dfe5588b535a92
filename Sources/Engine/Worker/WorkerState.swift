import Interpreter
import JSON
package import StatesLanguage
package import Store

/// A worker as a value: what happened goes in, what is to be done comes out.
///
/// It holds leases, resumes branches by the interpreter, and asks for commits and for Tasks to be performed; it does no
/// I/O, reads no clock and draws no random number, so the simulation runs this very code (DESIGN §2).
package struct WorkerState: Sendable {
    package let id: WorkerID
    let settings: EngineSettings
    let driver: TaskDriver
    /// Makes a task token that cannot be guessed, for a branch and the number of its transition.
    let makeToken: @Sendable (BranchKey, Int) -> String

    var held: [BranchKey: HeldBranch] = [:]
    var interpreters = Remembered<RevisionID, Interpreter>(most: 1_000)
    /// Branches that wait for a definition to be read.
    var undefined: [RevisionID: [BranchKey]] = [:]
    /// Leases that commits gave, of branches that are being read.
    var reading: Set<Lease> = []
    /// How many children commits under way bring.
    var promised = 0
    /// Places taken, by what they are places of: a function, whatever the lanes call it.
    var taken: [String: Int] = [:]
    /// When what is performed is out of time.
    var deadlines = Deadlines()
    private var nextLease: Int64 = 1
    /// Lanes that have ready branches and that no live worker serves, as last read: their Tasks fail here.
    var unserved: Set<String> = []
    /// How many workers are alive.
    var workers = 1
    /// Whether the last lease took as much as there was room for.
    private var isFull = false
    /// Lanes with ready branches that it serves, and had no place for when it last looked.
    private var left: Set<String> = []
    /// How often it has looked for work.
    private var looks = 0
    /// Whether it takes nothing new, and lets go of what it has at the next durable point.
    package private(set) var isDraining = false

    package init(
        id: WorkerID,
        settings: EngineSettings,
        driver: TaskDriver,
        makeToken: @escaping @Sendable (BranchKey, Int) -> String
    ) {
        self.id = id
        self.settings = settings
        self.driver = driver
        self.makeToken = makeToken
    }

    // MARK: What others ask

    /// How many branches it holds.
    package var heldCount: Int { held.count }

    /// How many places of all lanes are taken.
    package var takenPlaces: Int { taken.values.reduce(0, +) }

    /// How many more it may hold, besides what commits under way bring.
    package var room: Int {
        isDraining ? 0 : max(0, settings.capacity - held.count - promised - reading.count)
    }

    /// The keys of what it holds, with the leases.
    package var leases: [(key: BranchKey, lease: Lease)] { held.values.map { ($0.key, $0.lease) } }

    /// Whether there are other workers.
    package var hasNeighbours: Bool { workers > 1 }

    /// Whether others may be waiting for what this worker has.
    var isCrowded: Bool { isFull || !left.isEmpty }

    /// Whether it had to leave work behind, and could take some of it now.
    package var isHungry: Bool {
        (isFull && room > settings.capacity / 4) || (room > 0 && left.contains { freePlaces(of: $0) > 0 })
    }

    /// Whether it had to leave work behind, and could take a little of it: too little to look at once.
    package var couldTakeMore: Bool { isFull && room > 0 }

    /// Whether it has left work behind for want of room, so that what only waits had better be let go of.
    package var lacksRoom: Bool { isFull && room < max(1, settings.capacity / 4) }

    /// Of these lanes, which have ready branches, those it would lease from now, with how much of each: what it serves and
    /// has room for, and what nobody serves, which must fail somewhere.
    package mutating func places(in lanes: [String], unserved: Set<String> = []) -> [LanePlaces] {
        self.unserved = unserved.filter { !driver.serves($0) && !$0.isActivityLane }
        let wanted = lanes.filter { $0.isEmpty || isUnserved($0) || driver.serves($0) }
        left = Set(wanted.filter { !$0.isEmpty && driver.serves($0) && freePlaces(of: $0) == 0 })
        isFull = room == 0 && !wanted.isEmpty
        guard room > 0 else { return [] }
        // Lanes of one function share its places: each gets a part, and what is left over goes round.
        looks += 1
        let sharing = Dictionary(grouping: wanted.filter { !$0.isEmpty && driver.places($0) != nil }) {
            driver.pool($0)
        }
        return wanted.compactMap { lane in
            if lane.isEmpty || isUnserved(lane) { return LanePlaces(lane: lane, places: room) }
            let sharers = sharing[driver.pool(lane)] ?? [lane]
            let free = freePlaces(of: lane)
            let turn = ((sharers.firstIndex(of: lane) ?? 0) + looks) % sharers.count
            let part = free / sharers.count + (turn < free % sharers.count ? 1 : 0)
            return part > 0 ? LanePlaces(lane: lane, places: min(room, part)) : nil
        }
    }

    /// Sets lease numbers aside; none is ever given twice.
    package mutating func reserveLeases(_ count: Int) -> Int64 {
        defer { nextLease += Int64(count) }
        return nextLease
    }

    /// From now on takes nothing new, and lets go of what it can.
    package mutating func drain() { isDraining = true }

    /// Drops everything: its leases are lost.
    ///
    /// - Returns: What must be cancelled.
    package mutating func abandon() -> [WorkerAction] {
        let actions = held.values.compactMap { branch in
            branch.isUnderWay ? WorkerAction.cancel(branch.attempt) : nil
        }
        held = [:]
        deadlines = Deadlines()
        taken = [:]
        undefined = [:]
        reading = []
        promised = 0
        return actions
    }

    // MARK: What happens

    package mutating func handle(_ event: WorkerEvent, at now: Timestamp) -> [WorkerAction] {
        switch event {
        case .leased(let leased, let wasFull):
            isFull = wasFull
            return leased.flatMap { take(HeldBranch($0, at: now), at: now) }
        case .read(let leased, let leases):
            for (_, lease) in leases { reading.remove(lease) }
            return leased.flatMap { take(HeldBranch($0, at: now), at: now) }
        case .holding(let leases): return handBack(amongst: leases)
        case .defined(let revision, let interpreter): return define(revision, as: interpreter, at: now)
        case .answered(let key, let lease, let result): return answered(key, lease, result, at: now)
        case .started(let key, let lease, let result): return started(key, lease, result, at: now)
        case .performed(let attempt, let outcome): return performed(attempt, outcome, at: now)
        case .mapped(let attempt, let happening): return mapped(attempt, happening, at: now)
        case .left(let attempt): return left(attempt)
        case .rested(let attempt, let run, let time): return rested(attempt, run, for: time)
        case .deadline(let attempt): return passedDeadline(attempt, at: now)
        case .activityFound(let key, let lease, let text, let exists):
            return foundActivity(key, lease, text, exists: exists, at: now)
        case .revoked(let leases): return leases.flatMap { lose($0.key, $0.lease) }
        case .neighbours(let count):
            workers = max(1, count)
            return []
        }
    }

    /// Takes up a branch that it was given, once its definition is there.
    mutating func take(_ branch: HeldBranch, at now: Timestamp) -> [WorkerAction] {
        let replaced = held[branch.key].map { lose($0.key, $0.lease) } ?? []
        held[branch.key] = branch
        guard interpreters[branch.revision] == nil else { return replaced + resume(branch.key, at: now) }
        let isAsked = undefined[branch.revision] != nil
        undefined[branch.revision, default: []].append(branch.key)
        return replaced + (isAsked ? [] : [.define(branch.revision)])
    }

    private mutating func define(
        _ revision: RevisionID,
        as interpreter: Interpreter?,
        at now: Timestamp
    ) -> [WorkerAction] {
        let keys = undefined.removeValue(forKey: revision) ?? []
        guard let interpreter else {
            // To fail an execution for what cannot be read would lose it: a worker of another version may know it, or this
            // one be better off a minute later.
            let branches = keys.compactMap { held[$0] }
            let leases = branches.map { (key: $0.key, lease: $0.lease) }
            return branches.flatMap { lose($0.key, $0.lease) }
                + (leases.isEmpty ? [] : [.handBack(leases, for: .seconds(60))])
        }
        know(interpreter, of: revision)
        return keys.flatMap { key in
            // A branch that was leased again meanwhile is among the keys twice.
            guard case .reading? = held[key]?.stage else { return [WorkerAction]() }
            return resume(key, at: now)
        }
    }

    /// Hands back what the database says that it holds and it knows nothing of: the answer that gave it was lost, or what
    /// was given could not be read.
    ///
    /// What a commit under way may give is known once that is answered.
    private func handBack(amongst leases: [(key: BranchKey, lease: Lease)]) -> [WorkerAction] {
        var unknown = leases.filter { held[$0.key]?.lease != $0.lease && !reading.contains($0.lease) }
        guard !unknown.isEmpty else { return [] }
        let expected = held.values.compactMap { branch in
            if case .committing = branch.stage { branch.givenLeases } else { nil }
        }
        unknown.removeAll { one in expected.contains { $0.contains(one.lease.number) } }
        return unknown.isEmpty ? [] : [.handBack(unknown, for: .zero)]
    }

    /// Keeps a revision's interpreter; of very many, those that no held branch needs are forgotten.
    mutating func know(_ interpreter: Interpreter, of revision: RevisionID) {
        let held = held
        lazy var needed = Set(held.values.map(\.revision))
        interpreters.remember(interpreter, bytes: interpreter.definition.size, for: revision) { needed.contains($0) }
    }

    /// Forgets a branch whose lease is lost; nothing if it holds another lease by now.
    mutating func lose(_ key: BranchKey, _ lease: Lease) -> [WorkerAction] {
        guard let branch = held[key], branch.lease == lease else { return [] }
        forget(key)
        let note = WorkerAction.note(.lost(key, place(of: branch)))
        return branch.isUnderWay ? [.cancel(branch.attempt), note] : [note]
    }

    /// Where a branch stands, as the log tells it.
    func place(of branch: HeldBranch) -> WorkPlace {
        let arn = settings.arns.execution(branch.execution.name, of: branch.execution.machineName)
        return WorkPlace(execution: arn.description, state: branch.branch.state)
    }

    /// Forgets a branch, and gives back its place.
    mutating func forget(_ key: BranchKey) {
        guard let branch = held.removeValue(forKey: key) else { return }
        if case .performing(let request) = branch.stage, let deadline = request.deadline {
            deadlines.remove(key, deadline)
        }
        if let pool = branch.reserved { giveBack(pool) }
        promised -= branch.promised
    }

    // MARK: Places

    func freePlaces(of lane: String) -> Int {
        guard let places = driver.places(lane) else { return .max }
        return max(0, places - taken[driver.pool(lane), default: 0])
    }

    func isUnserved(_ lane: String) -> Bool {
        Places(driver: driver, taken: taken, unserved: unserved, isOpen: true).isUnserved(lane)
    }

    mutating func giveBack(_ pool: String) {
        guard let count = taken[pool] else { return }
        taken[pool] = count > 1 ? count - 1 : nil
    }
}

/// What a worker serves and has room for, at one moment.
struct Places: Sendable {
    let driver: TaskDriver
    let taken: [String: Int]
    let unserved: Set<String>
    /// Whether anything is begun at all.
    let isOpen: Bool

    /// Whether an attempt is begun here now: the lane is served and has a place, or nobody serves it at all.
    func allow(_ lane: String) -> Bool {
        guard isOpen else { return false }
        if lane.isActivityLane { return true }
        guard driver.serves(lane) else { return isUnserved(lane) }
        return driver.places(lane).map { taken[driver.pool(lane), default: 0] < $0 } ?? true
    }

    /// Whether it was read that no live worker serves a lane: then its Tasks fail wherever they come up.
    ///
    /// What is not known to be unserved is left in its lane, for who serves it. An activity's attempts are polled for.
    func isUnserved(_ lane: String) -> Bool { unserved.contains(lane) && !driver.serves(lane) }
}

extension String {
    /// Whether a lane is an activity's: its ARN, whose sixth part says so.
    fileprivate var isActivityLane: Bool {
        var colons = 0
        guard
            let colon = utf8.firstIndex(where: { byte in
                if byte == UInt8(ascii: ":") { colons += 1 }
                return colons == 5
            })
        else { return false }
        return utf8[colon...].starts(with: ":activity:".utf8)
    }
}
