import Postgres

extension Store {
    /// What processes notify each other on, for whoever listens.
    package enum Channel: String, CaseIterable, Sendable {
        /// Lanes that have ready branches, and map runs whose children have ended.
        case ready = "braid_ready"
        /// Asynchronous executions of Express machines that are left to anyone.
        case express = "braid_express"
        /// Leases that are gone.
        case revoked = "braid_revoked"
        /// What is looked at somewhere, and by which process.
        case looks = "braid_looks"
        /// What has changed of that.
        case changes = "braid_changes"
    }

    /// Notifies workers that lanes have ready branches, that leases are gone, and that Express executions are left to anyone;
    /// one statement, no other effect.
    package func notify(
        lanes: Set<String>,
        revoked: [(key: BranchKey, lease: Lease)],
        hasExpress: Bool = false
    ) async throws(StoreError) {
        // A payload may have 8,000 bytes; a lane too long for one wakes everybody.
        var messages = lanes.map { (Channel.ready, $0.utf8.count < 7_900 ? $0 : "") }
        messages += revoked.map { one in
            (.revoked, "\(one.lease.worker) \(one.lease.number) \(one.key.execution) \(one.key.branch)")
        }
        if hasExpress { messages.append((.express, "")) }
        try await notify(messages)
    }

    /// Notifies whoever listens, of less than 8,000 bytes each; one statement, no other effect.
    package func notify(_ messages: [(channel: Channel, payload: String)]) async throws(StoreError) {
        guard !messages.isEmpty else { return }
        _ = try await query(
            "SELECT pg_notify(channel, payload) FROM unnest($1::text[], $2::text[]) AS n (channel, payload)",
            [.textArray(messages.map(\.channel.rawValue)), .textArray(messages.map(\.payload))]
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
