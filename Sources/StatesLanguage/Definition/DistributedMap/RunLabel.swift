import Crypto

extension MapState {
    /// What the state's map runs, and their children, are named after.
    ///
    /// Without a `Label` it is a UUID of the state's name, so that it stays the same from run to run.
    package func runLabel(of state: String) -> String { label ?? Self.runLabel(ofUnlabelled: state) }

    /// What those of a state without a `Label` are named after.
    package static func runLabel(ofUnlabelled state: String) -> String {
        var halves: (UInt64, UInt64) = (0, 0)
        for (index, byte) in hash(state.utf8, with: .sha256).prefix(16).enumerated() {
            if index < 8 { halves.0 = halves.0 << 8 | UInt64(byte) } else { halves.1 = halves.1 << 8 | UInt64(byte) }
        }
        return UUIDText.version4(halves.0, halves.1)
    }
}
