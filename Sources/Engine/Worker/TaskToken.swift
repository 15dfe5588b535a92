import Crypto
import Postgres
package import Store

/// A task token: which attempt of which branch it is of, and what nobody can guess.
package struct TaskToken: Sendable {
    package let text: String
    /// Whose attempt it is.
    package let key: BranchKey

    /// A new token, for the attempt that a branch's next transition begins.
    init(key: BranchKey, number: Int) {
        self.key = key
        let place = UUIDValue(
            high: UInt64(truncatingIfNeeded: key.branch),
            low: UInt64(truncatingIfNeeded: number)
        )
        text = (key.execution.value.bytes + place.bytes + randomBytes(count: 32)).base64
    }

    /// Reads what a client sends back; `nil` if it is no token at all.
    package init?(_ text: String) {
        guard let bytes = [UInt8](base64: text), bytes.count == 64 else { return nil }
        self.text = text
        func word(_ index: Int) -> UInt64 { bytes[index * 8..<index * 8 + 8].reduce(0) { $0 << 8 | UInt64($1) } }
        guard let branch = Int(exactly: word(2)) else { return nil }
        key = BranchKey(ExecutionID(high: word(0), low: word(1)), branch)
    }
}
