import Lifecycle
import Synchronization
import Testing

@Suite("A thread for work that blocks")
struct SystemThreadTests {
    /// Dispatch would never come to the work of the last ones.
    @Test("runs its work beside three hundred that block")
    func many() async throws {
        let lock = Mutex(0)
        let last = Gate()
        let started = lock.withLock { _ in
            // Each waits for the lock, which is free only when all have been started.
            (0..<300).allSatisfy { _ in
                SystemThread.start {
                    let count = lock.withLock { count in
                        count += 1
                        return count
                    }
                    if count == 300 { last.open() }
                }
            }
        }
        #expect(started)
        try await last.wait()
    }
}
