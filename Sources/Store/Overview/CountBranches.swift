import Postgres

/// What a lane holds, as far as was counted.
package struct LaneDepth: Sendable, Equatable {
    package var lane: String
    package var ready: Int
    package var leased: Int
    package var sleeping: Int
    /// For how long the oldest ready branch has been ready, in seconds; 0 where none is.
    package var oldestReadySeconds: Double

    /// A lane with so many; none unless given.
    package init(lane: String, ready: Int = 0, leased: Int = 0, sleeping: Int = 0, oldestReadySeconds: Double = 0) {
        self.lane = lane
        self.ready = ready
        self.leased = leased
        self.sleeping = sleeping
        self.oldestReadySeconds = oldestReadySeconds
    }
}

extension Store {
    /// Counts the branches of each lane that are ready, leased and asleep, each up to a bound.
    package func countBranches(upTo bound: Int) async throws(StoreError) -> [LaneDepth] {
        let rows = try await query(
            """
            WITH RECURSIVE \(Self.lanes)
            SELECT lanes.lane,
                (SELECT count(*) FROM (SELECT FROM braid.branches AS b
                    WHERE b.lane = lanes.lane AND b.wake_at <= braid.now() LIMIT $1) AS bounded) AS ready,
                (SELECT count(*) FROM (SELECT FROM braid.branches AS b
                    WHERE b.lane = lanes.lane AND b.wake_at = 'infinity' LIMIT $1) AS bounded) AS leased,
                (SELECT count(*) FROM (SELECT FROM braid.branches AS b
                    WHERE b.lane = lanes.lane AND b.wake_at > braid.now() AND b.wake_at < 'infinity' LIMIT $1) AS bounded)
                    AS sleeping,
                coalesce(extract(epoch FROM braid.now() - (SELECT b.wake_at FROM braid.branches AS b
                    WHERE b.lane = lanes.lane AND b.wake_at <= braid.now() ORDER BY b.wake_at LIMIT 1)), 0)::float8 AS age
            FROM lanes WHERE lanes.lane IS NOT NULL
            """,
            [.int(bound)]
        )
        return try decode(rows) { row throws(PostgresError) -> LaneDepth in
            LaneDepth(
                lane: try row["lane"],
                ready: try row["ready"],
                leased: try row["leased"],
                sleeping: try row["sleeping"],
                oldestReadySeconds: try row["age"]
            )
        }
    }
}
