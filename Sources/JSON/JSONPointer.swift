/// The place of a value within a document, as RFC 6901 writes it.
package struct JSONPointer: Sendable, Hashable, CustomStringConvertible {
    /// The member names and array indexes that lead to the value, outermost first.
    package private(set) var steps: [String]

    /// The whole document.
    package init() { steps = [] }

    /// The place that these steps lead to.
    package init(steps: [String]) { self.steps = steps }

    /// Returns the place of a member of the object that stands here.
    package func appending(_ key: String) -> JSONPointer { JSONPointer(steps: steps + [key]) }

    /// Returns the place of an element of the array that stands here, counted from 0.
    package func appending(_ index: Int) -> JSONPointer { appending(String(index)) }

    /// The pointer with `~` and `/` escaped; the whole document is `/`, as AWS's diagnostics have it, not RFC 6901's
    /// empty text.
    package var description: String {
        guard !steps.isEmpty else { return "/" }
        var bytes: [UInt8] = []
        for step in steps {
            bytes.append(UInt8(ascii: "/"))
            for byte in step.utf8 {
                switch byte {
                case UInt8(ascii: "~"): bytes += [UInt8(ascii: "~"), UInt8(ascii: "0")]
                case UInt8(ascii: "/"): bytes += [UInt8(ascii: "~"), UInt8(ascii: "1")]
                default: bytes.append(byte)
                }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
