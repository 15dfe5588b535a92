/// Java's `java.util.Random`: AWS's `$random` gives for a seed what that gives, bit by bit (reference §6).
struct JavaRandom {
    private static let mask: Int64 = (1 << 48) - 1
    private static let multiplier: Int64 = 0x5_DEEC_E66D
    private var state: Int64

    init(seed: Int64) { state = (seed ^ Self.multiplier) & Self.mask }

    private mutating func next(_ bits: Int64) -> Int64 {
        state = (state &* Self.multiplier &+ 0xB) & Self.mask
        return state >> (48 - bits)
    }

    /// A number from 0 up to, but not, 1.
    mutating func nextDouble() -> Double {
        let high = next(26) << 27
        return Double(high + next(27)) * 0x1p-53
    }
}
