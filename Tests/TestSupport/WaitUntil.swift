/// Nothing came of waiting.
package struct WaitedInVain: Error {}

/// Waits until a condition holds, asked again and again.
///
/// - Parameters:
///   - limit: How long at most.
///   - condition: Asked at least once.
/// - Throws: What the condition throws; ``WaitedInVain`` when it does not hold in time.
package func waitUntil(within limit: Duration, _ condition: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < deadline else { throw WaitedInVain() }
        try await Task.sleep(for: .milliseconds(5))
    }
}
