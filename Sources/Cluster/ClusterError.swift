import Glibc

/// Why there is no embedded PostgreSQL.
package enum ClusterError: Error, Equatable, CustomStringConvertible {
    /// The system's reason for a refusal.
    package struct Reason: Sendable, Equatable, CustomStringConvertible {
        /// The number, such as `ENOSPC`.
        package let number: Int32
        package var description: String { unsafe String(cString: strerror(number)) }

        /// The last refusal in this thread.
        static func current() -> Reason { Reason(number: errno) }
    }

    /// No PostgreSQL of this major version, or of any that is new enough when `nil`.
    case notInstalled(major: Int?)
    /// We are root and there is no user to hand over to.
    case noServerUser
    /// The system refuses something with a folder.
    case folder(String, reason: Reason)
    /// The folder holds something that is not a cluster of ours.
    case notOurs(folder: String, why: String)
    /// Another Braid that is running uses the folder.
    case inUse(folder: String, process: Int32?)
    /// No folder for the socket is short enough and reachable.
    case noSocketFolder(String)
    /// There is no space left for the cluster.
    case diskFull(folder: String)
    /// `initdb` failed.
    case initialization(String)
    /// The server does not start, because files of its are missing or broken.
    case damaged(folder: String, String)
    /// The server does not start.
    case start(String)
    /// The server does not stop.
    case stop(String)
    /// Processes of a server that has died do not end.
    case orphans(folder: String, processes: [Int32])
    /// The server ended although nobody had stopped it.
    case died(String)

    package var description: String {
        switch self {
        case .notInstalled(nil):
            "PostgreSQL 15 or newer is not installed: install the Debian package 'postgresql' (apt-get install postgresql)"
        case .notInstalled(let major?):
            "the data folder was made by PostgreSQL \(major), which is not installed: install the Debian package"
                + " 'postgresql-\(major)', or use another data folder"
        case .noServerUser:
            "PostgreSQL does not run as root, and there is no user 'postgres' to run it as: install the Debian package"
                + " 'postgresql-common', or run Braid as another user"
        case .folder(let folder, let reason): "cannot use the folder \(folder): \(reason)"
        case .notOurs(let folder, let why): "the folder \(folder) is not a PostgreSQL cluster of Braid's: \(why)"
        case .inUse(let folder, let process):
            "another Braid\(process.map { ", process \($0)," } ?? "") is running and uses the data folder \(folder)"
        case .noSocketFolder(let folder): "PostgreSQL's socket cannot lie in \(folder): the path is too long or closed"
        case .diskFull(let folder): "no space is left on the device that holds \(folder)"
        case .initialization(let text): "initdb failed: \(text)"
        case .damaged(let folder, let text):
            "PostgreSQL cannot use what lies in \(folder): \(text). Put a backup in its place, or move it away"
                + " (mv \(folder) \(folder).broken) to begin with an empty database"
        case .start(let text): "PostgreSQL does not start: \(text)"
        case .stop(let text): "PostgreSQL does not stop: \(text)"
        case .orphans(let folder, let processes):
            "processes of a dead PostgreSQL still use \(folder): \(processes.map(String.init).joined(separator: ", "))"
        case .died(let text): "PostgreSQL ended unasked: \(text)"
        }
    }
}
