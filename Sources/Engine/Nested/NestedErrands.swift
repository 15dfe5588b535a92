package import Store
import Synchronization

/// What a worker has done about nested executions, which takes the engine that it is a part of.
package final class NestedErrands: Sendable {
    private let body = Mutex<(@Sendable (NestedScope) async -> Void)?>(nil)

    package init() {}

    /// Says what does it.
    package func connect(_ body: @escaping @Sendable (NestedScope) async -> Void) {
        self.body.withLock { $0 = body }
    }

    func settle(_ scope: NestedScope) async {
        guard let body = body.withLock({ $0 }) else { return }
        await body(scope)
    }
}
