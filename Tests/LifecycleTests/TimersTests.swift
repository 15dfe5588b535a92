import Synchronization
import Testing

@testable import Lifecycle

@Suite("Timers")
struct TimersTests {
    @Test("do things in the order of their times, whatever the order in which they were set")
    func order() async {
        let timers = Timers()
        let (done, send) = AsyncStream.makeStream(of: Int.self)
        for milliseconds in [60, 20, 40] {
            _ = timers.set(after: .milliseconds(milliseconds)) { send.yield(milliseconds) }
        }
        var order: [Int] = []
        for await milliseconds in done {
            order.append(milliseconds)
            if order.count == 3 { break }
        }
        #expect(order == [20, 40, 60])
    }

    @Test("do nothing that was called off")
    func cancelling() async {
        let timers = Timers()
        let (done, send) = AsyncStream.makeStream(of: String.self)
        let first = timers.set(after: .milliseconds(10)) { send.yield("cancelled") }
        timers.cancel(first)
        _ = timers.set(after: .milliseconds(30)) { send.yield("kept") }
        for await what in done {
            #expect(what == "kept")
            break
        }
    }

    @Test("keep no memory of the many that are called off long before their time")
    func memory() {
        let timers = Timers()
        let kept = (0..<10).map { _ in timers.set(after: .seconds(600)) {} }
        for _ in 0..<10_000 { timers.cancel(timers.set(after: .seconds(300)) {}) }
        #expect(timers.entryCount < 200)
        for timer in kept { timers.cancel(timer) }
    }

    @Test("sleep once for what is far away, however many are near")
    func sleepers() async {
        let timers = Timers()
        let far = timers.set(after: .seconds(600)) {}
        for _ in 0..<20 {
            let (done, send) = AsyncStream.makeStream(of: Void.self)
            _ = timers.set(after: .milliseconds(1)) { send.finish() }
            for await _ in done {}
        }
        #expect(timers.sleeperCount <= 2)
        timers.cancel(far)
    }
}
