import Postgres
package import StatesLanguage

/// What a redrive is asked for.
package struct RedriveRequest: Sendable {
    package var id: ExecutionID
    /// The same one again within a quarter of an hour is the same request.
    package var clientToken: String?
    /// Whether it may be redriven, as far as was known before: if not, only the same request before answers.
    package var isAllowed: Bool
    /// The revision that it goes on with; `nil` is the one that it had.
    package var revision: RevisionID?
    /// How long it may take from now on.
    package var timeLimit: Duration?
    /// What a branch needs next that stands before the work of a state.
    package var lane: @Sendable (_ state: String) -> String
    /// Why branches that stand like this cannot go on with that revision; `nil` if they can.
    package var misfit: @Sendable (_ branches: [BranchRow]) -> String?
    /// The ARN of one of its map runs.
    package var mapRunARN: @Sendable (_ run: RedrivableRun) -> String

    package init(
        id: ExecutionID,
        clientToken: String?,
        isAllowed: Bool = true,
        revision: RevisionID? = nil,
        timeLimit: Duration? = nil,
        lane: @escaping @Sendable (_ state: String) -> String = { _ in "" },
        misfit: @escaping @Sendable (_ branches: [BranchRow]) -> String? = { _ in nil },
        mapRunARN: @escaping @Sendable (_ run: RedrivableRun) -> String = { "\($0.id)" }
    ) {
        self.id = id
        self.clientToken = clientToken
        self.isAllowed = isAllowed
        self.revision = revision
        self.timeLimit = timeLimit
        self.lane = lane
        self.misfit = misfit
        self.mapRunARN = mapRunARN
    }
}

/// What came of a redrive.
package enum RedriveOutcome: Sendable, Equatable {
    case redriven(at: Timestamp, lanes: Set<String>)
    /// The same request did it before, at this time.
    case redrivenBefore(at: Timestamp)
    /// It runs, or has succeeded, by now.
    case notEnded
    /// Children of one of its map runs are still to be stopped.
    case isEnding
    /// It cannot go on with that revision.
    case misfit(String)
}

extension Store {
    /// Has an execution that did not succeed go on from where it stood, in one transaction under its lock.
    ///
    /// Whether it may is asked before (``ExecutionRecord/redriveRefusal(at:)``); here only what may have changed since.
    package func redriveExecution(_ request: RedriveRequest) async throws(StoreError) -> RedriveOutcome {
        do {
            return try await pool.transaction { transaction throws(PostgresError) in
                let id = PostgresValue.uuid(request.id.value)
                let results = try await transaction.pipeline(
                    RedriveView.statements([request.id]) + [
                        Statement(
                            "DELETE FROM braid.redrive_tokens WHERE redriven_at < braid.now() - interval '15 minutes'",
                            []
                        ),
                        Statement(
                            "SELECT redriven_at FROM braid.redrive_tokens WHERE execution_id = $1 AND token = $2",
                            [id, .optional(request.clientToken, PostgresValue.text)]
                        ),
                    ]
                )
                if let before = results.last?.first {
                    return .redrivenBefore(at: Timestamp(microseconds: try before[0]))
                }
                let view = try RedriveView(results)
                guard request.isAllowed, let execution = view.executions.first, execution.status != .running,
                    execution.status != .succeeded
                else { return .notEnded }
                if execution.leavesChildren { return .isEnding }
                guard let redrive = Redrive(of: execution, at: view.now, lane: request.lane) else { return .notEnded }
                if let reason = request.misfit(redrive.plan.changed) { return .misfit(reason) }
                var statements = Redrive.statements(
                    [redrive],
                    revision: request.revision,
                    timeLimit: request.timeLimit,
                    mapRunARN: request.mapRunARN
                )
                if let token = request.clientToken {
                    statements.append(
                        Statement(
                            "INSERT INTO braid.redrive_tokens (execution_id, token, redriven_at) VALUES ($1, $2, $3)",
                            [id, .text(token), .timestamp(redrive.time.microseconds)]
                        )
                    )
                }
                _ = try await transaction.commit(statements)
                return .redriven(at: redrive.time, lanes: redrive.lanes)
            }
        } catch {
            throw StoreError(error)
        }
    }
}
