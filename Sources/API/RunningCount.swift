import Synchronization

/// Counts what runs, up to a bound.
final class RunningCount: Sendable {
    private let most: Int
    private let count = Atomic<Int>(0)

    init(most: Int) { self.most = most }

    /// Runs the body if there is room for it; `nil` if there is none.
    func run<T, Failure: Error>(_ body: () async throws(Failure) -> T) async throws(Failure) -> T? {
        defer { count.wrappingSubtract(1, ordering: .relaxed) }
        guard count.wrappingAdd(1, ordering: .relaxed).newValue <= most else { return nil }
        return try await body()
    }
}
