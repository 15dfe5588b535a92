import Foundation
import Synchronization
import Testing

@testable import Tasks

@Suite("A guard of processes")
struct ProcessGuardTests {
    /// What the kernel does to the guard's socket when this process dies is what `close()` does.
    @Test("kills those it knows with all they started when its socket closes, and no other")
    func closes() async throws {
        let folder = try TemporaryFolder()
        let processGuard = ProcessGuard()
        let other = ProcessGuard()
        let start = { (name: String, processGuard: ProcessGuard) throws(ProcessError) in
            try ChildProcess(
                arguments: ["sh", "-c", "sleep 600 & echo $! > tmp-\(name); mv tmp-\(name) \(name); wait"],
                environment: ["PATH": "/usr/bin:/bin"],
                directory: folder.path,
                processGuard: processGuard
            ) { _ in }
        }
        let children = try [start("a", processGuard), start("b", processGuard), start("c", processGuard)]
        let spared = try start("d", other)
        try await expectEventually { ["a", "b", "c", "d"].allSatisfy { folder.read($0) != nil } }
        let grandchild = { (name: String) in
            Int((folder.read(name) ?? "").trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
        }
        // One ends by itself, and is forgotten.
        children[1].kill(15)
        #expect(await children[1].end() == -15)
        try await expectEventually { !isAlive(grandchild("b")) }

        processGuard.close()
        #expect(await children[0].end() == -9)
        #expect(await children[2].end() == -9)
        try await expectEventually { !isAlive(grandchild("a")) && !isAlive(grandchild("c")) }
        #expect(isAlive(grandchild("d")))
        spared.kill()
        #expect(await spared.end() == -9)
    }

    @Test("gives each line as it comes, in pieces when it is long, and what has no end at the end")
    func lines() async throws {
        let folder = try TemporaryFolder()
        let lines = Mutex<[String]>([])
        let child = try ChildProcess(
            arguments: ["sh", "-c", #"echo "$A"; printf 'one\r\ntwo\n\n%020000d\nlast' 0; exit 5"#],
            environment: ["PATH": "/usr/bin:/bin", "A": "é = é"],
            directory: folder.path,
            processGuard: ProcessGuard()
        ) { line in lines.withLock { $0.append(line) } }
        #expect(await child.end() == 5)
        try await expectEventually { lines.withLock { $0.last == "last" } }
        let count = 16 << 10
        #expect(
            lines.withLock { $0 } == [
                "é = é", "one", "two", "", String(repeating: "0", count: count),
                String(repeating: "0", count: 20_000 - count),
                "last",
            ]
        )
    }
}
