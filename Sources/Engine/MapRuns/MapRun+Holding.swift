import Store

extension MapRun {
    var holder: MapRunHolder {
        MapRunHolder(run: id, key: work.attempt.key, lease: work.attempt.lease, number: work.attempt.number)
    }

    /// Does what tells whether the branch is still held.
    ///
    /// - Parameters:
    ///   - trouble: What is logged where the database does not do it.
    ///   - body: What is done.
    /// - Throws: `lost` where it is not.
    func held(_ trouble: String, _ body: (Store) async throws(StoreError) -> Bool) async throws(Leaving) {
        let isHeld = await parts.logger.trying(trouble) { () throws(StoreError) in try await body(parts.store) }
        guard isHeld == true, !Task.isCancelled else { throw .lost }
    }
}
