import Lifecycle
import Synchronization
import Testing

@testable import Tasks

/// Between a worker and one process.
@Suite struct InvocationDeskTests {
    @Test(.timeLimit(.minutes(1)))
    func `a poll that is given up while the process ends holds up neither, and is told once`() async {
        for _ in 0..<20_000 {
            let desk = InvocationDesk()
            let given = Mutex<[Invocation?]>([])
            let poll = desk.next { invocation in given.withLock { $0.append(invocation) } }
            // Both at once, on threads of their own: the client is gone because its process is.
            let arrived = Rendezvous()
            let ended = Task.detached {
                arrived.meet()
                desk.end { _ in .cancelled }
            }
            let cancelled = Task.detached {
                arrived.meet()
                desk.giveUp(poll)
            }
            _ = await (ended.value, cancelled.value)
            #expect(given.withLock { $0.count } == 1)
        }
    }

    /// Where two threads begin at the same time.
    private final class Rendezvous: Sendable {
        private let here = Atomic(0)

        func meet() {
            here.add(1, ordering: .acquiringAndReleasing)
            for _ in 0..<10_000 where here.load(ordering: .acquiring) < 2 {}
        }
    }
}
