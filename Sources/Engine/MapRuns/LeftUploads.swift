import JSON
import Objects
import Store
import Telemetry

extension ObjectStore {
    /// Gives uploads up, also in a task that is cancelled, for at most so long.
    ///
    /// - Returns: Those of which it is not known whether they are given up. What the store refuses will be refused again.
    func giveUp(
        _ uploads: [ObjectUpload],
        within time: Duration = .seconds(10),
        logger: Logger
    ) async -> [ObjectUpload] {
        if uploads.isEmpty { return [] }
        return await Task {
            await withTaskGroup(of: [ObjectUpload]?.self) { group in
                group.addTask { await abortAll(uploads, logger) }
                group.addTask {
                    try? await Task.sleep(for: time)
                    return nil
                }
                var left: [ObjectUpload] = []
                for await result in group {
                    left = result ?? left
                    group.cancelAll()
                }
                return left
            }
        }.value
    }

    fileprivate func abortAll(_ uploads: [ObjectUpload], _ logger: Logger) async -> [ObjectUpload] {
        var left: [ObjectUpload] = []
        for upload in uploads {
            do throws(ObjectStoreError) {
                try await abort(upload)
            } catch {
                let details: [(String, any CustomStringConvertible)] = [
                    ("object", upload.object), ("upload", upload.id), ("reason", error),
                ]
                switch error {
                case .refused(let refusal) where refusal.status < 500:
                    logger.error("an upload is left for good: its store refuses to give it up", details)
                default:
                    logger.warning("an upload is not given up yet", details)
                    left.append(upload)
                }
            }
        }
        return left
    }
}

extension MapRuns {
    private static let sweepPause = Duration.seconds(30)

    /// Gives up, now and then until it is cancelled, what runs that have ended had begun to upload: those who saw to them may
    /// have died before they could.
    func giveUpLeftUploads() async {
        guard let objects = settings.objects else { return }
        while !Task.isCancelled {
            do {
                for (run, text) in try await store.mapRunsWithUploadsLeft(limit: 100)
                where await objects.abortAll([ObjectUpload](text), logger).isEmpty {
                    try await store.forgetUploads(text, of: run)
                }
            } catch {
                logger.warning("uploads of map runs are left", [("reason", "\(error)")])
            }
            try? await Task.sleep(for: Self.sweepPause)
        }
    }
}

extension [ObjectUpload] {
    /// As a run's row has them; `nil` for none.
    var text: String? {
        guard !isEmpty else { return nil }
        let uploads: [JSONValue] = map { upload in
            var object: JSONObject = [
                "Bucket": .string(upload.object.bucket), "Key": .string(upload.object.key), "Id": .string(upload.id),
            ]
            object["Owner"] = upload.object.expectedBucketOwner.map { .string($0) }
            return .object(object)
        }
        return JSONText(.array(uploads)).text
    }

    init(_ text: String) {
        self = (JSONText(trusted: text).value.array ?? []).compactMap { upload in
            guard let bucket = upload["Bucket"]?.string, let key = upload["Key"]?.string,
                let id = upload["Id"]?.string
            else { return nil }
            let owner = upload["Owner"]?.string
            return ObjectUpload(object: ObjectName(bucket: bucket, key: key, expectedBucketOwner: owner), id: id)
        }
    }
}
