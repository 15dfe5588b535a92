import Synchronization

/// Counts what a connection has waited for: one round trip is all that is sent before the next answer is needed.
final class RoundTrips: Sendable {
    private let stored = Atomic<Int>(0)

    var count: Int { stored.load(ordering: .relaxed) }

    func increment() { stored.wrappingAdd(1, ordering: .relaxed) }
}
