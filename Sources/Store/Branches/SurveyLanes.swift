import Postgres
package import StatesLanguage

/// A lane in which branches wait or are leased.
package struct LaneSurvey: Sendable {
    package var lane: String
    /// When the next of its branches is ready; `nil` where all are leased.
    package var nextWake: Timestamp?
    /// Whether a live worker serves it, or one did that ended a short while ago and may be starting again.
    package var isServed: Bool

    package init(lane: String, nextWake: Timestamp?, isServed: Bool) {
        self.lane = lane
        self.nextWake = nextWake
        self.isServed = isServed
    }
}

extension Store {
    /// Reads which lanes have branches, and when each next has a ready one: as many index look-ups as there are lanes.
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
            WITH RECURSIVE \(Self.lanes), recent AS MATERIALIZED (
                SELECT lanes FROM braid.workers WHERE ended_at IS NULL OR ended_at > braid.now() - $1 * interval '1 s'
            )
            SELECT lane, (SELECT b.wake_at FROM braid.branches AS b WHERE b.lane = lanes.lane AND b.wake_at < 'infinity'
                ORDER BY b.wake_at LIMIT 1), braid.now(), lane = '' OR EXISTS (
                    SELECT FROM recent
                    WHERE lanes.lane = ANY (recent.lanes)
                        OR substring(lanes.lane FROM ':function:([^:]+)') = ANY (recent.lanes)
                        OR lanes.lane NOT LIKE 'arn:%' AND split_part(lanes.lane, ':', 1) = ANY (recent.lanes)
                        OR '*' = ANY (recent.lanes)
                        AND (lanes.lane LIKE 'arn:%:lambda:%' OR lanes.lane NOT LIKE 'arn:%'))
            FROM lanes WHERE lane IS NOT NULL
            UNION ALL SELECT NULL, NULL, braid.now(), true
            """,
            [.float8(grace / .seconds(1))]
        )
        var now = Timestamp(microseconds: 0)
        let lanes = try decode(rows) { row throws(PostgresError) -> LaneSurvey? in
            now = Timestamp(microseconds: try row[2])
            let lane: String? = try row[0]
            let wake: Int64? = try row[1]
            guard let lane else { return nil }
            let time = wake.map { Timestamp(microseconds: $0) }
            return LaneSurvey(lane: lane, nextWake: time, isServed: try row[3])
        }
        return (lanes.compactMap(\.self), now)
    }
}
