import Postgres

extension Store {
    /// The channels of ``notify(lanes:revoked:)``, for whoever listens.
    package static let channels = ["braid_ready", "braid_revoked"]

    /// Notifies workers that lanes have ready branches, and that leases are gone; one statement, no other effect.
    package func notify(
        lanes: Set<String>,
        revoked: [(key: BranchKey, lease: Lease)]
    ) async throws(StoreError) {
        var channels: [String] = []
        var payloads: [String] = []
        for lane in lanes {
            channels.append(Self.channels[0])
            // A payload may have 8,000 bytes; a lane too long for one wakes everybody.
            payloads.append(lane.utf8.count < 7_900 ? lane : "")
        }
        for one in revoked {
            channels.append(Self.channels[1])
            payloads.append("\(one.lease.worker) \(one.lease.number) \(one.key.execution) \(one.key.branch)")
        }
        guard !channels.isEmpty else { return }
        _ = try await query(
            "SELECT pg_notify(channel, payload) FROM unnest($1::text[], $2::text[]) AS n (channel, payload)",
            [.textArray(channels), .textArray(payloads)]
        )
    }

    /// Reads a payload of `braid_revoked`.
    package static func revocation(_ payload: String) -> (key: BranchKey, lease: Lease)? {
        let parts = payload.split(separator: " ")
        guard parts.count == 4, let worker = Int64(parts[0]), let number = Int64(parts[1]),
            let execution = ExecutionID(String(parts[2])), let branch = Int(parts[3])
        else { return nil }
        return (BranchKey(execution, branch), Lease(worker: WorkerID(rawValue: worker), number: number))
    }
}
