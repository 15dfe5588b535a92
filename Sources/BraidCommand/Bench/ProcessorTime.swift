import Foundation
import Glibc

/// Processor time and memory of processes, as /proc has them.
struct ProcessorTime: Sendable {
    /// In seconds, by processes of Braid, of the load and of PostgreSQL.
    var braid = 0.0
    var load = 0.0
    /// `nil` where PostgreSQL runs on another machine.
    var postgres: Double?

    static func - (left: Self, right: Self) -> Self {
        var difference = Self(braid: left.braid - right.braid, load: left.load - right.load)
        if let end = left.postgres, let start = right.postgres { difference.postgres = end - start }
        return difference
    }

    /// What a process and all below it have used, those that ended and were waited for too.
    static func seconds(of process: Int32) -> Double { seconds(of: process, all()) }

    private static func seconds(of process: Int32, _ all: [Int32: [Int]]) -> Double {
        guard let own = all[process] else { return 0 }
        // utime, stime, and both of children that were waited for.
        let ticks = own[11] + own[12] + own[13] + own[14]
        let children = all.filter { $0.value[1] == Int(process) }.keys
        return children.reduce(Double(ticks) / Double(sysconf(Int32(_SC_CLK_TCK)))) { $0 + seconds(of: $1, all) }
    }

    /// What a process alone has used.
    static func secondsAlone(of process: Int32) -> Double {
        guard let own = fields(of: process) else { return 0 }
        return Double(own[11] + own[12]) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// What a server and all its processes have used, by one of its sessions; `nil` where that is not of this machine.
    static func ofServer(session: Int) -> Double? {
        guard let process = Int32(exactly: session), let own = fields(of: process), isPostgres(process),
            let server = Int32(exactly: own[1]), isPostgres(server)
        else { return nil }
        return seconds(of: server)
    }

    /// A server and all its processes, by one of its sessions; `nil` where that is not of this machine.
    static func processes(ofServerWith session: Int) -> [Int32]? {
        guard let process = Int32(exactly: session), let own = fields(of: process), isPostgres(process),
            let server = Int32(exactly: own[1]), isPostgres(server)
        else { return nil }
        return [server] + all().filter { $0.value[1] == Int(server) }.keys
    }

    private static func all() -> [Int32: [Int]] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        let pairs = names.compactMap { Int32($0) }.compactMap { process in fields(of: process).map { (process, $0) } }
        return Dictionary(pairs) { first, _ in first }
    }

    /// How many bytes a process has in memory.
    static func memory(of process: Int32) -> Int {
        let text = (try? String(contentsOfFile: "/proc/\(process)/statm", encoding: .utf8)) ?? ""
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }

    private static func isPostgres(_ process: Int32) -> Bool {
        let name = (try? String(contentsOfFile: "/proc/\(process)/comm", encoding: .utf8)) ?? ""
        return name.hasPrefix("postgres")
    }

    /// The numbers of `/proc/PID/stat` behind the state: parent (1), …, utime (11), stime, cutime, cstime.
    private static func fields(of process: Int32) -> [Int]? {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let name = text.lastIndex(of: ")")
        else { return nil }
        let fields = text[name...].split(separator: " ").dropFirst().map { Int($0) ?? 0 }
        return fields.count > 15 ? fields : nil
    }
}
