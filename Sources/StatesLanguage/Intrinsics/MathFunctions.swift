import JSON

/// Numbers: sums and random numbers.
extension IntrinsicEvaluator {
    func mathAdd(_ values: IntrinsicValues) throws(IntrinsicFailure) -> JSONValue {
        let (sum, overflowed) = try values.integer(0).addingReportingOverflow(values.integer(1))
        guard !overflowed else { throw values.invalid() }
        return .number(JSONNumber(sum))
    }

    /// An integer from the first number on, below the second; the same one for the same seed.
    func mathRandom(
        _ values: IntrinsicValues,
        using generator: inout some RandomNumberGenerator
    ) throws(IntrinsicFailure) -> JSONValue {
        let (start, end) = (try values.integer(0), try values.integer(1))
        guard start < end else { throw values.invalid() }
        let bits: UInt64
        if values.count > 2 {
            var seeded = SeededGenerator(seed: UInt64(bitPattern: Int64(try values.integer(2))))
            bits = seeded.next()
        } else {
            bits = generator.next()
        }
        // As an unsigned number the distance fits even where the signed one would not, and adding it wraps back.
        let distance = UInt64(bitPattern: Int64(end &- start))
        let offset = bits.multipliedFullWidth(by: distance).high
        return .number(JSONNumber(start &+ Int(truncatingIfNeeded: offset)))
    }
}

/// Random numbers that a seed decides, today and in every later version.
///
/// Source: G. L. Steele et al., "Fast Splittable Pseudorandom Number Generators" (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}
