import Lifecycle
import Synchronization
import Testing

@testable import Tasks

/// Between a worker and one process.
@Suite struct InvocationDeskTests {
    @Test(.timeLimit(.minutes(1)))
    func `a poll that is cancelled while the process ends holds up neither`() async {
        for _ in 0..<20_000 {
            let desk = InvocationDesk()
            let poll = Task { await desk.next() }
            try? await desk.ready.wait()
            // Both at once, on threads of their own: the client is gone because its process is.
            let arrived = Rendezvous()
            let ended = Task.detached {
                arrived.meet()
                desk.end { _ in .cancelled }
            }
            let cancelled = Task.detached {
                arrived.meet()
                poll.cancel()
            }
            _ = await (ended.value, cancelled.value)
            #expect(await poll.value == nil)
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
