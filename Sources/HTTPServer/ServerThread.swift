import CMicroHTTPD
import Glibc
import Lifecycle
import Synchronization

/// A thread on which servers read and write: one, or many that have little to do each.
///
/// It runs while it has a server. The daemons' own threads will not do: when exactly as many events are ready as
/// libmicrohttpd 0.9.75 asks epoll for at once (128), they wait for more before they look at them, up to the idle limit.
/// Called from outside, a daemon never waits.
package final class ServerThread: Sendable {
    private struct State {
        var isRunning = false
        var lastID: UInt64 = 0
        var arrived: [ServerLoop] = []
        var woken: [UInt64] = []
    }

    /// The sets of all daemons, each with the id of its loop.
    private let set: Int32
    private let wakeup: Int32
    private let state = Mutex(State())

    package init() {
        set = braid_epoll_create()
        wakeup = braid_epoll_add_wakeup(set)
    }

    deinit {
        close(wakeup)
        close(set)
    }

    /// A number of its own for a loop; 0 is nobody's.
    func newID() -> UInt64 {
        state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
    }

    /// Works for a loop from now on, whenever one of its sets is readable, until it is over.
    ///
    /// - Returns: Whether it does; the system has a limit of threads, and of what is watched.
    func add(_ loop: ServerLoop, watching sets: [Int32]) -> Bool {
        let isWatching = sets.allSatisfy { braid_epoll_add_set(set, $0, loop.id) != 0 }
        let isTaken =
            isWatching
            && state.withLock { state in
                if !state.isRunning { state.isRunning = SystemThread.start { self.work() } }
                if state.isRunning { state.arrived.append(loop) }
                return state.isRunning
            }
        if isTaken { braid_wake(wakeup) } else { ignore(sets) }
        return isTaken
    }

    /// Watches sets no longer.
    func ignore(_ sets: [Int32]) { for one in sets { braid_epoll_remove(set, one) } }

    /// Has a loop called though none of its sets is readable.
    func wake(_ id: UInt64) {
        let isFirst = state.withLock { state in
            state.woken.append(id)
            return state.woken.count == 1
        }
        if isFirst { braid_wake(wakeup) }
    }

    private func work() {
        var loops: [UInt64: ServerLoop] = [:]
        var due: [UInt64: ContinuousClock.Instant] = [:]
        repeat {
            // What woke the thread is taken before what it was woken for, so that nothing is left behind unannounced.
            var called = Set(wait(until: due.values.min()))
            let (arrived, woken) = state.withLock { state in
                defer { (state.arrived, state.woken) = ([], []) }
                return (state.arrived, state.woken)
            }
            for loop in arrived { loops[loop.id] = loop }
            called.formUnion(arrived.map(\.id))
            called.formUnion(woken)
            if !due.isEmpty {
                let now = ContinuousClock.now
                for (id, time) in due where time <= now { called.insert(id) }
            }
            for id in called {
                guard let loop = loops[id] else { continue }
                switch loop.work() {
                case .again(let time): due[id] = time.map { .now + $0 }
                case .over:
                    loops[id] = nil
                    due[id] = nil
                }
            }
        } while !loops.isEmpty || goesOn()
    }

    /// Whether a server has come that the thread does not know of yet; it ends otherwise.
    private func goesOn() -> Bool {
        state.withLock { state in
            state.isRunning = !state.arrived.isEmpty
            return state.isRunning
        }
    }

    /// Waits until a set is readable, or it is woken, at most until a time, and returns the ids of whose sets are.
    private func wait(until time: ContinuousClock.Instant?) -> [UInt64] {
        let milliseconds = time.map { (($0 - .now) / .milliseconds(1)).rounded(.up) }
        let timeout = milliseconds.map { Int32(max(0, min($0, Double(Int32.max)))) } ?? -1
        return unsafe [UInt64](unsafeUninitializedCapacity: 64) { ids, count in
            count = unsafe Int(braid_epoll_take(set, ids.baseAddress, Int32(ids.count), timeout))
        }
    }
}
