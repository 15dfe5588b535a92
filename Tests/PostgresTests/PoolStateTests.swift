import Testing

@testable import Postgres

@Suite("A pool's state")
struct PoolStateTests {
    var state = PoolState<String>(limit: 2)

    @Test("has who asks first make the connections, as many as its limit")
    mutating func limit() {
        #expect(state.request(1) == [.connect(1, failures: 0)])
        #expect(state.request(2) == [.connect(2, failures: 0)])
        #expect(state.request(3) == [])
        #expect(state.waiting == [3])
    }

    @Test("lends what comes back to who waits longest")
    mutating func order() {
        for request in 1...4 { _ = state.request(request) }
        #expect(state.returned("a") == [.lend("a", to: 3)])
        #expect(state.returned("b") == [.lend("b", to: 4)])
    }

    @Test("lends the connection used last")
    mutating func lastUsed() {
        _ = state.request(1)
        _ = state.request(2)
        _ = state.returned("a")
        _ = state.returned("b")
        #expect(state.request(3) == [.lend("b", to: 3)])
    }

    @Test("closes the idle ones too when one was found dead")
    mutating func lost() {
        _ = state.request(1)
        _ = state.request(2)
        _ = state.returned("a")
        #expect(state.lost("b") == [.close(["b", "a"])])
        #expect(state.request(3) == [.connect(3, failures: 0)])
    }

    @Test("counts failures until a connection comes about")
    mutating func failures() {
        _ = state.request(1)
        #expect(state.connectFailed() == [])
        #expect(state.request(1) == [.connect(1, failures: 1)])
        state.connected()
        #expect(state.request(2) == [.connect(2, failures: 0)])
    }

    @Test("gives a place that is not wanted to the next")
    mutating func declined() {
        for request in 1...3 { _ = state.request(request) }
        let isWithdrawn = (state.withdraw(3), state.withdraw(3))
        #expect(isWithdrawn == (true, false))
        _ = state.request(4)
        #expect(state.declined() == [.connect(4, failures: 0)])
    }

    @Test("refuses who waits once it is stopped, and is drained when everything is back")
    mutating func stop() {
        for request in 1...3 { _ = state.request(request) }
        #expect(state.stop() == [.refuse(3)])
        #expect(state.request(5) == [.refuse(5)])
        #expect(state.returned("a") == [.close(["a"])])
        #expect(state.lost("b") == [.close(["b"]), .drained])
        #expect(state.stop() == [])
    }
}

@Suite("The wait between attempts")
struct BackoffTests {
    @Test("doubles up to its bound, and is none before the first failure")
    func doubles() {
        let backoff = Backoff(initial: .milliseconds(100), longest: .seconds(1))
        let delays = [0, 1, 2, 3, 4, 5, 1000].map { backoff.delay(afterFailures: $0) }
        #expect(delays == [0, 100, 200, 400, 800, 1000, 1000].map { .milliseconds($0) })
        #expect((.milliseconds(50)...(.milliseconds(100))).contains(backoff.jittered(afterFailures: 1)))
    }
}
