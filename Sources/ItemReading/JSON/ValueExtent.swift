/// Finds where a JSON value ends, a byte at a time, without looking at what is in it.
struct ValueExtent {
    enum Step {
        /// The byte belongs to the value, which goes on.
        case more
        /// The byte is the value's last.
        case last
        /// The value ended in front of the byte.
        case behind
    }

    /// How many brackets are open.
    private var depth: Int
    private var isInString = false
    private var isEscaped = false
    private var isScalar = false

    /// - Parameter depth: The brackets that are open already; then what ends is the outermost of them.
    init(depth: Int = 0) { self.depth = depth }

    mutating func step(_ byte: UInt8) -> Step {
        if isInString {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isInString = false
                return depth == 0 ? .last : .more
            }
            return .more
        }
        switch byte {
        case UInt8(ascii: "\""):
            if isScalar { return .behind }
            isInString = true
            return .more
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            if isScalar { return .behind }
            depth += 1
            return .more
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            // Without an open bracket it closes what is around the value.
            guard depth > 0 else { return .behind }
            depth -= 1
            return depth == 0 ? .last : .more
        case UInt8(ascii: ","), UInt8(ascii: ":"):
            return depth == 0 ? .behind : .more
        default:
            guard depth == 0 else { return .more }
            // In front of the value it is passed over.
            if byte.isJSONWhitespace { return isScalar ? .behind : .more }
            isScalar = true
            return .more
        }
    }
}
