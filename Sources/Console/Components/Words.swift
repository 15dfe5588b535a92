import StatesLanguage
import Store

/// How the pages say things.
enum Words {
    static func of(_ status: ExecutionStatus) -> String {
        switch status {
        case .running: "Running"
        case .succeeded: "Succeeded"
        case .failed: "Failed"
        case .timedOut: "Timed out"
        case .aborted: "Aborted"
        }
    }

    static func ago(_ time: Timestamp, at now: Timestamp) -> String {
        let elapsed = now - time
        return elapsed < .seconds(1) ? "just now" : "\(duration(elapsed)) ago"
    }

    /// What a worker serves: each function once, by whatever of its names and ARNs a state may ask for it.
    static func served(_ lanes: [String]) -> String {
        guard !lanes.contains("*") else { return "every function" }
        var names: Set<String> = []
        for lane in lanes {
            let parts = lane.split(separator: ":", omittingEmptySubsequences: false)
            if lane.hasPrefix("arn:") {
                guard let marker = parts.lastIndex(of: "function"), marker + 1 < parts.endIndex else { continue }
                names.insert(String(parts[marker + 1]))
            } else if !lane.isEmpty {
                names.insert(lane)
            }
        }
        return names.isEmpty ? "states without a function" : names.sorted().joined(separator: ", ")
    }

    /// The time between two instants as clients are told them, in whole milliseconds: `braid list` says the same.
    static func duration(from start: Timestamp, to end: Timestamp) -> String {
        func milliseconds(_ time: Timestamp) -> Int64 { time.microseconds / 1_000 }
        return duration(.milliseconds(milliseconds(end) - milliseconds(start)))
    }

    /// A duration in its two largest units: `340 ms`, `12.5 s`, `4 min 10 s`, `3 h 5 min`, `2 d 4 h`.
    static func duration(_ duration: Duration) -> String {
        let (whole, fraction) = max(.zero, duration).components
        let seconds = Int(whole)
        let milliseconds = Int(fraction / 1_000_000_000_000_000)
        switch seconds {
        case 0: return "\(milliseconds) ms"
        case ..<60: return "\(seconds).\(milliseconds / 100) s"
        case ..<3600: return "\(seconds / 60) min \(seconds % 60) s"
        case ..<86_400: return "\(seconds / 3600) h \(seconds % 3600 / 60) min"
        default: return "\(seconds / 86_400) d \(seconds % 86_400 / 3600) h"
        }
    }
}
