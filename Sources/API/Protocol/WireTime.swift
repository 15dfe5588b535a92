import JSON
import StatesLanguage

extension JSONValue {
    /// An instant as the protocol writes it: seconds since 1970 as a number, to the millisecond.
    static func instant(_ timestamp: Timestamp) -> JSONValue {
        let milliseconds = (timestamp.microseconds - (timestamp.microseconds < 0 ? 999 : 0)) / 1000
        let (seconds, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        guard rest != 0 else { return .number(JSONNumber(Int(seconds))) }
        let digits = String(1000 + abs(rest)).dropFirst()
        let sign = milliseconds < 0 ? "-" : ""
        return JSONNumber(spelling: "\(sign)\(abs(seconds)).\(digits)").map { .number($0) } ?? .null
    }
}
