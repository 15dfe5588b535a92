import Interpreter
package import Store
import Telemetry

extension Engine {
    /// Does what is to be done about nested executions: the end of one is brought to the attempt that waits for it, and one
    /// that nobody waits for any more is stopped.
    ///
    /// Done at once by whoever committed what made it necessary, and all over again by the scheduler, for what a process
    /// that died left undone. It may be done twice: an attempt takes what comes first, and a stop ends once.
    package func settleNested(_ scope: NestedScope) async throws(StoreError) {
        while true {
            let ripe = try await store.ripeNestedExecutions(scope, limit: 100)
            for one in ripe {
                if one.isAwaited {
                    let happening = RecordedHappening(
                        endOf: one.child,
                        isStructured: one.link.isStructured,
                        by: settings.arns
                    )
                    guard let token = TaskToken(one.link.token) else { continue }
                    _ = try await complete(token, with: happening)
                } else if one.child.status == .running {
                    _ = try await stopExecution(one.child.id, error: nil, cause: nil)
                }
                try await store.forgetNested(one.link.parent, token: one.link.token)
            }
            guard ripe.count == 100 else { return }
        }
    }

    /// An execution was ended from outside: what it had started ends too, and what waits for it goes on.
    func ended(_ id: ExecutionID) async {
        do {
            try await settleNested(.of(id))
            try await settleNested(.child(id))
        } catch {
            logger.warning("nested executions are left to the scheduler", [("reason", "\(error)")])
        }
    }
}
