import Glibc

/// When a state's work is done again after an error, and after which wait.
package struct Retrier: Sendable, Hashable {
    /// Whether a wait is drawn at random up to what ``Retrier/delay(beforeRetry:)`` gives.
    package enum Jitter: String, Sendable, CaseIterable {
        case none = "NONE"
        case full = "FULL"
    }

    /// Never empty; `States.ALL` stands alone.
    package let errorEquals: [String]
    /// The first wait, from 0.
    package let intervalSeconds: Int
    /// How many retries this retrier gives in one execution of its state; 0 is none.
    package let maxAttempts: Int
    /// What the wait grows by with each retry, from 1.
    package let backoffRate: Double
    /// What no wait exceeds, from 1.
    package let maxDelaySeconds: Int?
    package let jitter: Jitter
    package let comment: String?

    /// A retrier with the language's defaults.
    package init(
        errorEquals: [String] = [ErrorName.all],
        intervalSeconds: Int = 1,
        maxAttempts: Int = 3,
        backoffRate: Double = 2,
        maxDelaySeconds: Int? = nil,
        jitter: Jitter = .none,
        comment: String? = nil
    ) {
        self.errorEquals = errorEquals
        self.intervalSeconds = intervalSeconds
        self.maxAttempts = maxAttempts
        self.backoffRate = backoffRate
        self.maxDelaySeconds = maxDelaySeconds
        self.jitter = jitter
        self.comment = comment
    }

    /// Returns whether this retrier is for that error; see ``ErrorName/isMatched(_:by:)``.
    package func matches(error: String) -> Bool { ErrorName.isMatched(error, by: errorEquals) }

    /// What no wait exceeds where a retrier sets no `MaxDelaySeconds` of its own: the language's greatest wait.
    package static let greatestDelaySeconds = 99_999_999

    /// Returns the wait before a retry, or `nil` when no attempt is left.
    ///
    /// The wait is `interval × backoffRate^(retry - 1)`, at most ``maxDelaySeconds``, however large the power grows; to the
    /// millisecond. Jitter is the caller's: it needs randomness. Source: Amazon States Language, "Retrying after error".
    ///
    /// - Parameter retry: The number of this retrier's retry, counted from 1.
    /// - Returns: The wait; `nil` once `retry` exceeds ``maxAttempts``.
    package func delay(beforeRetry retry: Int) -> Duration? {
        guard retry <= maxAttempts else { return nil }
        let longest = Double(min(maxDelaySeconds ?? Self.greatestDelaySeconds, Self.greatestDelaySeconds))
        let seconds = Double(intervalSeconds) * pow(backoffRate, Double(max(retry, 1) - 1))
        // An overflow is infinite, and 0 × infinity is not a number: neither may reach an integer.
        guard seconds.isFinite else { return .seconds(intervalSeconds == 0 ? 0 : Int(longest)) }
        return .milliseconds(Int64((min(max(seconds, 0), longest) * 1000).rounded()))
    }
}
