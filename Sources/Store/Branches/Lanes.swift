extension Store {
    /// Reads the lanes that have branches, by one index look-up each, as `lanes (lane)` whose last is NULL.
    ///
    /// It stands behind `WITH RECURSIVE`.
    static let lanes = """
        lanes AS (
            (SELECT lane FROM braid.branches WHERE wake_at IS NOT NULL ORDER BY lane LIMIT 1)
            UNION ALL
            SELECT (SELECT b.lane FROM braid.branches AS b WHERE b.wake_at IS NOT NULL AND b.lane > lanes.lane
                ORDER BY b.lane LIMIT 1)
            FROM lanes WHERE lanes.lane IS NOT NULL
        )
        """
}
