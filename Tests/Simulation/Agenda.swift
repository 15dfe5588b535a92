import StatesLanguage

/// What is to happen when: in the order of virtual time and, at one time, in the order in which it was asked for.
struct Agenda {
    private struct Entry {
        let at: Timestamp
        let order: Int
        let action: () -> Void

        static func < (left: Entry, right: Entry) -> Bool {
            left.at == right.at ? left.order < right.order : left.at < right.at
        }
    }

    private var heap: [Entry] = []
    private var count = 0

    mutating func add(at time: Timestamp, _ action: @escaping () -> Void) {
        heap.append(Entry(at: time, order: count, action: action))
        count += 1
        var place = heap.count - 1
        while place > 0, heap[place] < heap[(place - 1) / 2] {
            heap.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    /// Takes out what comes next.
    mutating func next() -> (at: Timestamp, action: () -> Void)? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        if !heap.isEmpty {
            heap[0] = last
            sink()
        }
        return (first.at, first.action)
    }

    private mutating func sink() {
        var place = 0
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2] where child < heap.count && heap[child] < heap[least] {
                least = child
            }
            guard least != place else { return }
            heap.swapAt(place, least)
            place = least
        }
    }
}
