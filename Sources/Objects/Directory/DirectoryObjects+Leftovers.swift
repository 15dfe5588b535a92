extension DirectoryObjects {
    /// How long an object that is being put may stay as it is, before whoever puts it is taken for dead.
    private static let longestStandstill = 86_400

    /// Removes what processes that died had begun to put.
    ///
    /// Uploads are their owners' to give up, as with S3, whatever they have come to.
    ///
    /// - Parameter time: In seconds since 1970; `nil` is now.
    package func removeLeftovers(at time: Int? = nil) {
        let now = time ?? FileSystem.now / 1_000_000_000
        for bucket in (try? FileSystem.names(in: root)) ?? [] where !bucket.hasPrefix(".") {
            let folder = "\(root)/\(bucket)/\(KeyPath.staging)"
            for name in (try? FileSystem.names(in: folder)) ?? [] where name.hasSuffix(".object") {
                let path = "\(folder)/\(name)"
                guard let status = try? FileSystem.status(of: path), status.isFile,
                    now - status.modifiedAt > Self.longestStandstill
                else { continue }
                FileSystem.removeFile(path)
            }
        }
    }
}
