import JSON
import StatesLanguage

extension JSONValue {
    /// The instant of a number that counts seconds since 1970, as AWS's JSON protocol writes it.
    var instant: Timestamp? {
        guard let seconds = number?.double, seconds.isFinite, abs(seconds) < 1e12 else { return nil }
        return Timestamp(microseconds: Int64((seconds * 1_000_000).rounded()))
    }
}

extension Duration {
    /// A length of time for people: `12 ms`, `3.4 s`, `2 min 5 s`, `1 d 3 h`.
    var readable: String {
        let milliseconds = components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
        if milliseconds < 1000 { return "\(milliseconds) ms" }
        let seconds = milliseconds / 1000
        switch seconds {
        case ..<60: return "\(seconds).\(milliseconds % 1000 / 100) s"
        case ..<3600: return "\(seconds / 60) min \(seconds % 60) s"
        case ..<86400: return "\(seconds / 3600) h \(seconds % 3600 / 60) min"
        default: return "\(seconds / 86400) d \(seconds % 86400 / 3600) h"
        }
    }
}
