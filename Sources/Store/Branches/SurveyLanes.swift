import Postgres
package import StatesLanguage

/// A lane in which branches wait.
package struct LaneSurvey: Sendable {
    package var lane: String
    /// When the first of its branches is ready, or has been since.
    package var nextWake: Timestamp
    /// Whether a live worker serves it, or one did that ended a short while ago and may be starting again.
    package var isServed: Bool

    package init(lane: String, nextWake: Timestamp, isServed: Bool) {
        self.lane = lane
        self.nextWake = nextWake
        self.isServed = isServed
    }
}

extension Store {
    /// Reads which lanes have branches that are ready, or will be at a time, and when each next has a ready one: as many
    /// index look-ups as there are lanes.
    ///
    /// What is leased is passed over within the index. Its rows are not read, nor are those that were leased lately: while
    /// somebody holds an old snapshot PostgreSQL keeps what led to every one of them.
    ///
    /// A function's lane is served by who serves its name, whatever account or qualifier its ARN has (DESIGN §9).
    ///
    /// - Parameter grace: For how long a lane counts as served after the last worker that served it has ended.
    /// - Throws: When the database does not answer.
    /// - Returns: The lanes, and the database's time.
    package func surveyLanes(
        unservedAfter grace: Duration = .seconds(30)
    ) async throws(StoreError) -> (lanes: [LaneSurvey], now: Timestamp) {
        let rows = try await query(
            """
            WITH RECURSIVE waking AS (
                (SELECT lane, wake_at FROM braid.branches WHERE lane >= '' AND wake_at < 'infinity'
                    ORDER BY lane, wake_at LIMIT 1)
                UNION ALL
                SELECT next.lane, next.wake_at FROM waking CROSS JOIN LATERAL (
                    SELECT b.lane, b.wake_at FROM braid.branches AS b
                    WHERE b.lane > waking.lane AND b.wake_at < 'infinity' ORDER BY b.lane, b.wake_at LIMIT 1
                ) AS next
            ), recent AS MATERIALIZED (
                SELECT lanes FROM braid.workers WHERE ended_at IS NULL OR ended_at > braid.now() - $1 * interval '1 s'
            )
            SELECT lane, wake_at, braid.now(), lane = '' OR EXISTS (
                    SELECT FROM recent
                    WHERE waking.lane = ANY (recent.lanes)
                        OR substring(waking.lane FROM ':function:([^:]+)') = ANY (recent.lanes)
                        OR waking.lane NOT LIKE 'arn:%' AND split_part(waking.lane, ':', 1) = ANY (recent.lanes)
                        OR '*' = ANY (recent.lanes)
                        AND (waking.lane LIKE 'arn:%:lambda:%' OR waking.lane NOT LIKE 'arn:%'))
            FROM waking
            UNION ALL SELECT NULL, NULL, braid.now(), true
            """,
            [.float8(grace / .seconds(1))]
        )
        var now = Timestamp(microseconds: 0)
        let lanes = try decode(rows) { row throws(PostgresError) -> LaneSurvey? in
            now = Timestamp(microseconds: try row[2])
            let lane: String? = try row[0]
            guard let lane else { return nil }
            return LaneSurvey(lane: lane, nextWake: Timestamp(microseconds: try row[1]), isServed: try row[3])
        }
        return (lanes.compactMap(\.self), now)
    }
}
