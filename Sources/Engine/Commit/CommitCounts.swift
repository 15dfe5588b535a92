import Synchronization

/// What commits have cost.
package final class CommitCounts: Sendable {
    package struct Values: Sendable {
        package var commits = 0
        package var submissions = 0
        package var roundTrips = 0
    }

    private let values = Mutex(Values())

    package var now: Values { values.withLock { $0 } }

    func count(_ submissions: Int, roundTrips: Int) {
        values.withLock { values in
            values.commits += 1
            values.submissions += submissions
            values.roundTrips += roundTrips
        }
    }
}
