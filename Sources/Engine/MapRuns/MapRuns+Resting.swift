import StatesLanguage
import Store
import Synchronization

/// Runs that only wait for their children, of which a worker holds more than it has room for.
///
/// Who holds nothing but such runs would never run a child: that there is always somebody to run one, they are let go of, and
/// taken up again when a child of theirs ends, or after a while.
extension MapRuns {
    /// How many are remembered to be taken up at once; of others it is found out later.
    static let mostResting = 10_000

    /// How long a run is let go of at most that began so long ago: what takes long is looked at seldom.
    static func rest(after age: Duration) -> Duration { min(max(age / 10, .seconds(1)), .seconds(60)) }

    /// Lets go of a run's branch.
    func rest(_ run: MapRunID, _ key: BranchKey, _ lease: Lease, for delay: Duration) async {
        let isDone = await logger.trying("a map run that waits is not let go of") { () throws(StoreError) in
            try await store.releaseLeases([(key, lease)], for: delay)
            return true
        }
        guard isDone == true else { return }
        // A child may have ended meanwhile.
        if !state.withLock({ $0.resting.settle(run) }) { await takeUp(key) }
    }

    /// Has a run taken up that was let go of.
    ///
    /// - Returns: Whether it rested.
    @discardableResult func takeUp(_ key: BranchKey) async -> Bool {
        let lane = await logger.trying("a map run is taken up later") { () throws(StoreError) in
            try await store.wakeMapRun(key)
        }
        guard let lane = lane ?? nil else { return false }
        wake([lane])
        return true
    }
}

/// Runs that were let go of, by whether that is written yet.
struct RestingRuns {
    private struct Run {
        var key: BranchKey
        /// Whether its branch is let go of.
        var isWritten = false
        /// Whether a child has ended meanwhile.
        var isCalled: Bool
    }

    private var runs: [MapRunID: Run] = [:]

    /// Begins to let go of a run.
    mutating func begin(_ run: MapRunID, _ key: BranchKey, isCalled: Bool) {
        if runs.count >= MapRuns.mostResting { runs = [:] }
        runs[run] = Run(key: key, isCalled: isCalled)
    }

    /// Notes that a run's branch is let go of.
    ///
    /// - Returns: Whether it may rest; if not, it is to be taken up at once.
    mutating func settle(_ run: MapRunID) -> Bool {
        guard let one = runs[run] else { return true }
        guard !one.isCalled else {
            runs[run] = nil
            return false
        }
        runs[run]?.isWritten = true
        return true
    }

    /// A child of a run has ended.
    ///
    /// - Returns: The run's branch if that is to be taken up now.
    mutating func call(_ run: MapRunID) -> BranchKey? {
        guard let one = runs[run] else { return nil }
        guard one.isWritten else {
            runs[run]?.isCalled = true
            return nil
        }
        runs[run] = nil
        return one.key
    }

    /// A run is held again.
    mutating func end(_ run: MapRunID) { runs[run] = nil }
}
