import StatesLanguage
import Store

/// When the attempts that are performed are out of time, execution by execution, the earliest first.
struct Deadlines: Sendable {
    /// One attempt's; of those of one moment the lowest branch is the first.
    private struct Entry: Comparable {
        let deadline: Timestamp
        let key: BranchKey

        static func < (left: Self, right: Self) -> Bool {
            left.deadline == right.deadline ? left.key < right.key : left.deadline < right.deadline
        }
    }

    private var entries: [ExecutionID: [Entry]] = [:]

    mutating func insert(_ key: BranchKey, _ deadline: Timestamp) {
        let entry = Entry(deadline: deadline, key: key)
        let index = place(of: entry)
        entries[key.execution, default: []].insert(entry, at: index)
    }

    mutating func remove(_ key: BranchKey, _ deadline: Timestamp) {
        let entry = Entry(deadline: deadline, key: key)
        let index = place(of: entry)
        guard let known = entries[key.execution], index < known.count, known[index] == entry else { return }
        entries[key.execution]?.remove(at: index)
        if known.count == 1 { entries[key.execution] = nil }
    }

    /// The branches of an execution that are due before one of them, and that one.
    func due(until key: BranchKey, _ deadline: Timestamp) -> [BranchKey] {
        let index = place(of: Entry(deadline: deadline, key: key))
        return (entries[key.execution] ?? []).prefix(index).map(\.key) + [key]
    }

    /// Where an entry stands, or would.
    private func place(of entry: Entry) -> Int {
        guard let known = entries[entry.key.execution] else { return 0 }
        var range = 0..<known.count
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            range = known[middle] < entry ? (middle + 1)..<range.upperBound : range.lowerBound..<middle
        }
        return range.lowerBound
    }
}
