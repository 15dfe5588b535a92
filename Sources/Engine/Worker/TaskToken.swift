import Crypto
import Store

/// A task token: which attempt of which branch it is of, and what nobody can guess.
struct TaskToken {
    let text: String

    init(key: BranchKey, number: Int) {
        var bytes: [UInt8] = []
        for word in [key.execution.high, key.execution.low] {
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
            }
        }
        for number in [key.branch, number] {
            for shift in stride(from: 24, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: number >> shift))
            }
        }
        text = (bytes + randomBytes(count: 32)).base64
    }
}
