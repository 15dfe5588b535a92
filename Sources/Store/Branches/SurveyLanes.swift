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

/// What a look for work found.
package struct Survey: Sendable {
    /// Lanes with branches that are ready, or will be at a time.
    package var lanes: [LaneSurvey] = []
    /// The database's time.
    package var now = Timestamp(microseconds: 0)
    /// How long it took there.
    package var time: Duration = .zero

    package init() {}
}

extension Store {
    /// Reads which lanes have branches that are ready, or will be at a time, and when each next has a ready one: an index look-up
    /// a lane, and a pass over the index entries of what is leased.
    ///
    /// What is leased is passed over within the index. Its rows are not read, nor are those that were leased lately: while
    /// somebody holds an old snapshot PostgreSQL keeps what led to every one of them. What led to those that were ready is
    /// read, unless it is told from when on to look.
    ///
    /// A function's lane is served by who serves its name, whatever account or qualifier its ARN has (DESIGN §9).
    ///
    /// - Parameters:
    ///   - grace: For how long a lane counts as served after the last worker that served it has ended.
    ///   - floors: Only these lanes, each only from a time on; `nil` is all that there is.
    /// - Throws: When the database does not answer.
    /// - Returns: The lanes, the database's time, and how long it took there.
    package func surveyLanes(
        unservedAfter grace: Duration = .seconds(30),
        from floors: [String: Timestamp]? = nil
    ) async throws(StoreError) -> Survey {
        var values: [PostgresValue] = [.float8(grace / .seconds(1))]
        if let floors {
            let lanes = floors.sorted { $0.key < $1.key }
            values += [.textArray(lanes.map(\.key)), .timestampArray(lanes.map(\.value.microseconds))]
        }
        let rows = try await query(floors == nil ? Self.surveyAll : Self.surveyKnown, values)
        var survey = Survey()
        let lanes = try decode(rows) { row throws(PostgresError) -> LaneSurvey? in
            survey.now = Timestamp(microseconds: try row[2])
            let seconds: Double? = try row[4]
            if let seconds { survey.time = .seconds(max(0, seconds)) }
            let lane: String? = try row[0]
            guard let lane else { return nil }
            return LaneSurvey(lane: lane, nextWake: Timestamp(microseconds: try row[1]), isServed: try row[3])
        }
        survey.lanes = lanes.compactMap(\.self)
        return survey
    }

    private static let surveyAll = """
        WITH RECURSIVE waking AS (
            (SELECT lane, wake_at FROM braid.branches WHERE lane >= '' AND wake_at < 'infinity'
                ORDER BY lane, wake_at LIMIT 1)
            UNION ALL
            SELECT next.lane, next.wake_at FROM waking CROSS JOIN LATERAL (
                SELECT b.lane, b.wake_at FROM braid.branches AS b
                WHERE b.lane > waking.lane AND b.wake_at < 'infinity' ORDER BY b.lane, b.wake_at LIMIT 1
            ) AS next
        ), \(surveyed)
        """

    private static let surveyKnown = """
        WITH waking AS MATERIALIZED (
            SELECT known.lane, next.wake_at
            FROM unnest($2::text[], $3::timestamptz[]) AS known (lane, floor) CROSS JOIN LATERAL (
                SELECT b.wake_at FROM braid.branches AS b
                WHERE b.lane = known.lane AND b.wake_at >= known.floor AND b.wake_at < 'infinity'
                ORDER BY b.wake_at LIMIT 1
            ) AS next
        ), \(surveyed)
        """

    private static let surveyed = """
        recent AS MATERIALIZED (
            SELECT lanes FROM braid.workers WHERE ended_at IS NULL OR ended_at > braid.now() - $1 * interval '1 s'
        )
        SELECT lane, wake_at, braid.now(), lane = '' OR EXISTS (
                SELECT FROM recent
                WHERE waking.lane = ANY (recent.lanes)
                    OR substring(waking.lane FROM ':function:([^:]+)') = ANY (recent.lanes)
                    OR waking.lane NOT LIKE 'arn:%' AND split_part(waking.lane, ':', 1) = ANY (recent.lanes)
                    OR '*' = ANY (recent.lanes)
                    AND (waking.lane LIKE 'arn:%:lambda:%' OR waking.lane NOT LIKE 'arn:%')),
            NULL::float8
        FROM waking
        UNION ALL
        SELECT NULL, NULL, braid.now(), true, extract(epoch FROM clock_timestamp() - statement_timestamp())::float8
        """
}
