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
            var settled = 0
            for one in ripe {
                do {
                    try await settle(one)
                    settled += 1
                } catch StoreError.refused(_, let reason) {
                    // The others must not wait for it; it is met again in the next round.
                    logger.error(
                        "a nested execution's end cannot be told",
                        [("execution", one.child.id), ("reason", reason)]
                    )
                }
            }
            guard ripe.count == 100, settled > 0 else { break }
        }
        switch scope {
        case .all: try await mapRuns.settle(of: nil)
        case .of(let id): try await mapRuns.settle(of: id)
        case .child: break
        }
    }

    private func settle(_ one: NestedExecution) async throws(StoreError) {
        if one.isAwaited, let token = TaskToken(one.link.token) {
            let happening = RecordedHappening(
                endOf: one.child,
                isStructured: one.link.isStructured,
                by: settings.arns
            )
            _ = try await complete(token, with: happening)
        } else if one.child.status == .running {
            _ = try await stopExecution(one.child.id, error: nil, cause: nil)
        }
        try await store.forgetNested(one.link.parent, token: one.link.token)
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
