/// The rule that the names of state machines, executions and activities follow (reference §18).
enum ResourceName {
    /// Refuses white space, brackets, wildcards, what means something in ARNs or shells, and what is no character.
    ///
    /// The length is a constraint of the request.
    static func check(_ name: String) throws(ServiceError) {
        guard !name.isEmpty, name.unicodeScalars.allSatisfy(isAllowed) else { throw .invalidName(name) }
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x20, 0x7F...0x9F, 0xFFFE...0xFFFF, 0x10FFFF: false
        case 0x80...: !scalar.properties.isWhitespace
        default: !forbidden.contains(scalar)
        }
    }

    private static let forbidden = Set("<>{}[]?*\"#%\\^|~`$&,;:/".unicodeScalars)
}
