import Synchronization

/// A number that only grows.
package final class Counter: Sendable {
    private let stored = Atomic<Int>(0)

    init() {}

    /// What it stands at.
    package var value: Int { stored.load(ordering: .relaxed) }

    /// Adds to it; less than nothing is not added.
    package func increment(by amount: Int = 1) { stored.wrappingAdd(max(0, amount), ordering: .relaxed) }
}

/// A number that rises and falls.
package final class Gauge: Sendable {
    private let stored = Mutex(0.0)

    init() {}

    /// What it stands at.
    package var value: Double { stored.withLock { $0 } }

    /// Sets it.
    package func set(_ value: Double) { stored.withLock { $0 = value } }

    /// Adds to it, or takes from it.
    package func add(_ amount: Double) { stored.withLock { $0 += amount } }
}

/// How often values fell below each of some bounds.
package final class Histogram: Sendable {
    /// What a histogram has seen so far: counts per bucket (not cumulative; what lies above the last bound is only in
    /// `count`).
    package struct Snapshot: Sendable {
        package var counts: [Int]
        package var count = 0
        package var sum = 0.0
    }

    /// Bounds that suit durations in seconds from 0.5 ms to a minute.
    package static let secondsBuckets: [Double] = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
    ]

    /// The upper bounds, ascending, inclusive.
    package let bounds: [Double]
    private let stored: Mutex<Snapshot>

    init(buckets: [Double]) {
        bounds = buckets.sorted()
        stored = Mutex(Snapshot(counts: Array(repeating: 0, count: buckets.count)))
    }

    /// What it has seen so far.
    package var snapshot: Snapshot { stored.withLock { $0 } }

    /// Counts a value.
    package func observe(_ value: Double) {
        let bucket = bounds.firstIndex { value <= $0 }
        stored.withLock { state in
            if let bucket { state.counts[bucket] += 1 }
            state.count += 1
            state.sum += value
        }
    }

    /// Counts a duration, in seconds.
    package func observe(_ duration: Duration) { observe(duration / .seconds(1)) }
}
