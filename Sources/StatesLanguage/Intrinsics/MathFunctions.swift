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
