import Interpreter
import JSON
import StatesLanguage
import Store

/// A branch that a worker holds a lease on, and how far it is with it.
struct HeldBranch: Sendable {
    /// Kept apart: ten thousand branches that perform a Task must not have the room of one that is being committed.
    indirect enum Stage: Sendable {
        /// Its revision's definition, or its row, is being read.
        case reading
        /// A transition of it is being committed: the branch as before, for when the database refuses it.
        case committing(Transition, before: Branch)
        /// Its Task is being performed, which takes a place of this lane.
        case performing(TaskRequest)
        /// Its map run is seen to.
        case mapping
    }

    var key: BranchKey
    var parent: Int?
    var lease: Lease
    var number: Int
    var branch: Branch
    var revision: RevisionID
    var execution: LeasedExecution
    /// The id of the execution's last event, while this branch alone writes its events.
    var lastEventID: Int?
    var stage: Stage = .reading
    /// What it resumes with once its definition is there.
    var happening: Happening = .begin
    /// Whether `happening` is in its row, to be taken up by the next commit.
    var takesUp = false
    /// Whether the activity that its transition awaits was looked for, and is there.
    var isActivityKnown = false
    /// The activity that was looked for, and is not there.
    var missingActivity: String?
    /// What it takes a place of, from before Started is written until the attempt has ended.
    var reserved: String?
    var heldSince: Timestamp
    /// When it was leased by the database's clock: nothing happens to it before that.
    var leasedAt: Timestamp
    var transitions = 0
    /// The numbers of leases that were set aside for what its commit under way may give.
    var givenLeases: Range<Int64> = 0..<0
    /// How many children its commit under way brings.
    var promised = 0

    init(_ leased: LeasedBranch, at now: Timestamp) {
        key = leased.key
        parent = leased.parent
        lease = leased.lease
        number = leased.number
        branch = leased.branch
        revision = leased.revision
        execution = leased.execution
        lastEventID = leased.lastEventID
        heldSince = now
        leasedAt = leased.leasedAt ?? now
        if let recorded = leased.happening, leased.branch.phase == .performing, recorded.endsAttempt {
            // It was called back before its worker, now lost, had the call's own answer: that is not waited for. What
            // called back stays in the row until the attempt awaits it.
            happening = .succeeded(JSONText(.object([:])))
        } else if let recorded = leased.happening {
            takesUp = true
            happening =
                switch recorded {
                case .childFailed(let failure, let exceeded): .childFailed(failure, toleranceExceeded: exceeded)
                case .succeeded(let output): .succeeded(output)
                case .failed(let failure): .failed(failure)
                case .broken(let cause): .broken(cause: cause)
                case .workerLost: .failed(.workerLost)
                }
        } else if let joined = leased.joined {
            happening =
                switch joined {
                case .outputs(let outputs): .joined(outputs)
                case .overLimit(let bytes): .joinedOverLimit(bytes: bytes)
                }
        }
    }

    /// A branch that a commit of another one gave its worker.
    init(_ key: BranchKey, _ lease: Lease, _ branch: Branch, parent: Int?, like other: HeldBranch, at now: Timestamp) {
        self.key = key
        self.parent = parent
        self.lease = lease
        self.branch = branch
        number = 0
        revision = other.revision
        execution = other.execution
        heldSince = now
        leasedAt = other.leasedAt
    }

    /// Whether something goes on for it outside that can be cancelled.
    var isUnderWay: Bool {
        switch stage {
        case .performing, .mapping: true
        case .reading, .committing: false
        }
    }

    /// The attempt that is under way, or that would begin now.
    var attempt: AttemptID { AttemptID(key: key, lease: lease, number: number) }

    /// Which transition of which branch comes next, as one number.
    private var place: UInt64 {
        UInt64(truncatingIfNeeded: key.branch) << 32 | UInt64(truncatingIfNeeded: number)
    }

    /// Seeds what is drawn at random in its next transition.
    var generator: SeededGenerator {
        let id = key.execution
        return SeededGenerator(seed: SeededGenerator.mix(id.high) ^ SeededGenerator.mix(id.low &+ place))
    }

    /// Derived from execution, branch and transition number (DESIGN §3), in the form of a UUIDv8.
    var requestID: String {
        let id = key.execution
        let high = SeededGenerator.mix(id.high ^ SeededGenerator.mix(place)) & ~0xF000 | 0x8000
        let low = SeededGenerator.mix(id.low &+ SeededGenerator.mix(~place)) & 0x3FFF_FFFF_FFFF_FFFF
        return ExecutionID(high: high, low: low | 0x8000_0000_0000_0000).description
    }
}
