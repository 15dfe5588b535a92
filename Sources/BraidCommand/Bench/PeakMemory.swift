import Foundation

/// How much a process had in memory at most, as /proc has it.
enum PeakMemory {
    /// In bytes; 0 where the process is gone.
    static func bytes(of process: Int32) -> Int {
        let text = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return (line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0) * 1_024
    }

    /// Begins anew: the most is what the process has now.
    static func forget(of process: Int32) {
        try? "5".write(toFile: "/proc/\(process)/clear_refs", atomically: false, encoding: .utf8)
    }

    /// The most that one of a server's processes had, what it used of the shared memory included; `nil` where the server is
    /// not of this machine.
    static func ofServer(session: Int) -> Int? {
        ProcessorTime.processes(ofServerWith: session).map { $0.map(bytes).max() ?? 0 }
    }
}
