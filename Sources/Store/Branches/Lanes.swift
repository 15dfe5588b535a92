extension Store {
    /// The lanes that have branches, one index look-up each; `lanes (lane)`, in which the last is NULL. For `WITH RECURSIVE`.
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
