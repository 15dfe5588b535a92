package import Postgres

extension Cluster {
    /// How to connect to the server that runs in a folder, whoever started it; `nil` when none does.
    package static func findRunning(in folder: String) -> ConnectionSettings? {
        for candidate in ClusterHome.candidates(for: folder) {
            guard let postmaster = Postmaster.find(in: "\(candidate)/data"), postmaster.status == "ready" else {
                continue
            }
            return connectionSettings(socketFolder: postmaster.socketFolder)
        }
        return nil
    }
}
