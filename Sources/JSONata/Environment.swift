/// What an evaluation gets from outside: the time, randomness, and how much it may cost.
package struct Environment {
    /// The milliseconds since 1970 that `$now()` and `$millis()` tell; the same throughout one evaluation.
    package var now: Int
    /// What `$random()` and `$shuffle()` draw from.
    package var generator: any RandomNumberGenerator
    package var limits: Limits
    /// Asked from time to time; when it says so, the evaluation ends with `U1001`.
    package var isExpired: (() -> Bool)?
    /// How much the last evaluation did, in the units of ``Limits/steps``.
    package internal(set) var stepsTaken = 0
    /// Whether the last evaluation came to a function, which as JSON is an empty string.
    package internal(set) var gaveFunction = false

    package init(
        now: Int,
        generator: any RandomNumberGenerator,
        limits: Limits = Limits(),
        isExpired: (() -> Bool)? = nil
    ) {
        self.now = now
        self.generator = generator
        self.limits = limits
        self.isExpired = isExpired
    }

    /// How much an evaluation may cost; passing a bound is the error `U1001`.
    package struct Limits: Sendable, Hashable {
        /// How much may be done: about one for each node evaluated and each value looked at.
        package var steps: Int
        /// How deeply evaluations may be nested, as the reference implementation counts.
        ///
        /// Calls in tail position cost nothing. However large, an evaluation also ends where it would use up its thread's stack.
        package var depth: Int
        /// How many values and characters may be made in all, in units of about 24 bytes.
        package var memory: Int
        /// How deeply arrays and objects that are made may be nested.
        package var nesting: Int

        package init(
            steps: Int = 60_000_000,
            depth: Int = 100_000,
            memory: Int = 64_000_000,
            nesting: Int = 600
        ) {
            self.steps = steps
            self.depth = depth
            self.memory = memory
            self.nesting = nesting
        }
    }
}
