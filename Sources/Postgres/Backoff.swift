/// How long to wait before what failed is tried again: longer each time, up to a bound.
package struct Backoff: Sendable, Hashable {
    /// The first wait.
    package var initial: Duration
    /// The longest wait.
    package var longest: Duration

    package init(initial: Duration = .milliseconds(50), longest: Duration = .seconds(2)) {
        self.initial = initial
        self.longest = longest
    }

    /// The wait after so many failures in a row; none after none.
    package func delay(afterFailures failures: Int) -> Duration {
        guard failures > 0 else { return .zero }
        return min(longest, initial * (1 << min(failures - 1, 20)))
    }

    /// The wait with up to half of it taken away at random, so that many who failed together do not come back together.
    package func jittered(afterFailures failures: Int) -> Duration {
        delay(afterFailures: failures) * Double.random(in: 0.5...1)
    }
}
