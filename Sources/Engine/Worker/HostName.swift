import Foundation

/// Where this process runs.
enum HostName {
    static var current: String { ProcessInfo.processInfo.hostName }
    static var processID: Int { Int(ProcessInfo.processInfo.processIdentifier) }
}
