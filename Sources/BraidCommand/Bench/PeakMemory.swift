import Foundation

/// How much memory of its own a process had at most, as /proc has it.
enum PeakMemory {
    /// In bytes, without memory that processes share; 0 where the process is gone.
    static func bytes(of process: Int32) -> Int {
        let text = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
        func field(_ name: String) -> Int {
            let line = text.split(separator: "\n").first { $0.hasPrefix(name) }
            return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0
        }
        // What a server's process has touched of the shared memory only grows, so it was the most then, too.
        return max(0, field("VmHWM:") - field("RssShmem:")) * 1_024
    }

    /// Begins anew: the most is what the process has now.
    static func forget(of process: Int32) {
        try? "5".write(toFile: "/proc/\(process)/clear_refs", atomically: false, encoding: .utf8)
    }

    /// The most that one of a server's processes had; `nil` where the server is not of this machine.
    static func ofServer(session: Int) -> Int? {
        ProcessorTime.processes(ofServerWith: session).map { $0.map(bytes).max() ?? 0 }
    }
}
