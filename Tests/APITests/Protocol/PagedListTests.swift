import Telemetry
import Testing

@testable import API

@Suite("A page token")
struct PagedListTests {
    private let list = PagedList("ListExecutions", Requests.machine, "FAILED")
    private let now = WallTime(microseconds: 1_700_000_000_000_000)

    @Test("stands for its place, whatever that holds")
    func place() throws {
        for place in ["", "7", "a b c", "größe\n\u{0}"] {
            #expect(try list.place(of: list.token(at: place, now: now), now: now) == place)
        }
    }

    @Test("is refused once changed, cut, made up or meant for another list")
    func tampered() {
        let token = list.token(at: "41", now: now)
        let changed = String(token.map { $0 == "A" ? "B" : $0 == "x" ? "y" : $0 }.reversed())
        let other = PagedList("ListExecutions", Requests.machine, "").token(at: "41", now: now)
        for bad in [changed, String(token.dropLast(4)), String(token.dropFirst(4)), "", "AAAA", "41", "\u{0}", other] {
            #expect(throws: ServiceError.invalidToken) { try list.place(of: bad, now: now) }
        }
    }

    @Test("dies after a day")
    func expiry() throws {
        let token = list.token(at: "41", now: now)
        let hour: Int64 = 3_600_000_000
        #expect(try list.place(of: token, now: WallTime(microseconds: now.microseconds + 23 * hour)) == "41")
        #expect(throws: ServiceError.invalidToken) {
            try list.place(of: token, now: WallTime(microseconds: now.microseconds + 24 * hour))
        }
    }
}
