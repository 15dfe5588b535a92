package import StatesLanguage
import Synchronization

/// The database's time, carried between two readings by the monotonic clock (DESIGN §4).
package final class DatabaseClock: Sendable {
    private struct Reading {
        var time: Timestamp
        var at: ContinuousClock.Instant
    }

    private let reading: Mutex<Reading>

    /// - Parameter time: The database's time now.
    package init(_ time: Timestamp) {
        reading = Mutex(Reading(time: time, at: .now))
    }

    package var now: Timestamp {
        let reading = reading.withLock { $0 }
        return reading.time + (ContinuousClock.now - reading.at)
    }

    /// Takes the database's time as it was answered to a question asked at `asked`: between then and now, so in the middle.
    package func set(_ time: Timestamp, askedAt asked: ContinuousClock.Instant) {
        let now = ContinuousClock.now
        reading.withLock { $0 = Reading(time: time + (now - asked) / 2, at: now) }
    }
}
