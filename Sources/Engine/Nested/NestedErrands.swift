package import Store
import Synchronization

/// What a worker has done about nested executions, which takes the engine that it is a part of.
package final class NestedErrands: Sendable {
    /// In a type of its own: a lock that holds a function wraps it anew with each access, so that the thousandth call would go
    /// through a thousand wrappers.
    private struct Body: Sendable {
        let perform: @Sendable (NestedScope) async -> Void
    }

    private let body = Mutex<Body?>(nil)

    package init() {}

    /// Says what does it.
    package func connect(_ body: @escaping @Sendable (NestedScope) async -> Void) {
        self.body.withLock { $0 = Body(perform: body) }
    }

    func settle(_ scope: NestedScope) async {
        guard let body = body.withLock({ $0 }) else { return }
        await body.perform(scope)
    }
}
