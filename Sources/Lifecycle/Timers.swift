import Synchronization

/// What is to be done at some time unless it is called off before: any number of things, by few sleepers.
///
/// A sleep that is cancelled keeps its memory until its time has come. With one for each attempt, those that end long before
/// their deadline would hold minutes' worth of it.
package final class Timers: Sendable {
    /// Something that is to be done.
    package struct Timer: Sendable {
        fileprivate let number: Int
    }

    fileprivate struct Entry: Sendable {
        let time: ContinuousClock.Instant
        let number: Int
    }

    fileprivate struct State {
        /// A heap, the earliest first; those that were called off are in it too.
        var entries: [Entry] = []
        var actions: [Int: @Sendable () -> Void] = [:]
        var nextNumber = 0
        /// When those wake up that sleep, the earliest first.
        var sleepers: [ContinuousClock.Instant] = []
    }

    /// Those of this process.
    package static let shared = Timers()

    private let state = Mutex(State())

    /// Does something after a while, on no particular thread; it must not block.
    package func set(after time: Duration, _ action: @escaping @Sendable () -> Void) -> Timer {
        let time = ContinuousClock.now + max(.zero, time)
        let (timer, wakesAt) = state.withLock { state in
            state.nextNumber += 1
            state.actions[state.nextNumber] = action
            state.insert(Entry(time: time, number: state.nextNumber))
            return (Timer(number: state.nextNumber), state.wakeUp())
        }
        if let wakesAt { sleep(until: wakesAt) }
        return timer
    }

    /// Calls something off that has not been done yet.
    package func cancel(_ timer: Timer) {
        state.withLock { state in
            guard state.actions.removeValue(forKey: timer.number) != nil else { return }
            state.forgetCancelled()
        }
    }

    /// How many entries there are in memory.
    package var entryCount: Int { state.withLock { $0.entries.count } }

    /// How many sleep at this moment, each with its memory.
    var sleeperCount: Int { state.withLock { $0.sleepers.count } }

    /// Nobody awaits this task: nothing is lost with it when the process ends.
    private func sleep(until time: ContinuousClock.Instant) {
        Task {
            try? await Task.sleep(until: time, clock: .continuous)
            let (actions, wakesAt) = state.withLock { state in
                if let sleeper = state.sleepers.firstIndex(of: time) { state.sleepers.remove(at: sleeper) }
                return (state.takeDue(at: .now), state.wakeUp())
            }
            for action in actions { action() }
            if let wakesAt { sleep(until: wakesAt) }
        }
    }
}

extension Timers.State {
    /// Returns when a sleeper must wake up that is to be started now: none is where another wakes up as early.
    fileprivate mutating func wakeUp() -> ContinuousClock.Instant? {
        guard let first = entries.first?.time, sleepers.first.map({ first < $0 }) ?? true else { return nil }
        sleepers.insert(first, at: 0)
        return first
    }

    fileprivate mutating func takeDue(at now: ContinuousClock.Instant) -> [@Sendable () -> Void] {
        var due: [@Sendable () -> Void] = []
        while let first = entries.first, first.time <= now || actions[first.number] == nil {
            removeFirst()
            if let action = actions.removeValue(forKey: first.number) { due.append(action) }
        }
        return due
    }

    /// Lets go of entries that were called off, once they are the most.
    fileprivate mutating func forgetCancelled() {
        guard entries.count > 2 * actions.count + 100 else { return }
        // What is sorted is a heap.
        entries = entries.filter { actions[$0.number] != nil }.sorted { $0.time < $1.time }
    }

    fileprivate mutating func insert(_ entry: Timers.Entry) {
        var place = entries.count
        entries.append(entry)
        while place > 0, entries[(place - 1) / 2].time > entries[place].time {
            entries.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    private mutating func removeFirst() {
        entries.swapAt(0, entries.count - 1)
        entries.removeLast()
        var place = 0
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2]
            where child < entries.count && entries[child].time < entries[least].time {
                least = child
            }
            guard least != place else { return }
            entries.swapAt(place, least)
            place = least
        }
    }
}
