import CMicroHTTPD
import Glibc

/// Notices when the client of a suspended connection goes away: libmicrohttpd does not look at those.
///
/// An epoll set of its own in which each socket stands from the end of its request to that of its response, once, for hang-ups
/// alone. A stream whose client neither reads nor lives is noticed by it, too.
final class DisconnectWatch: Sendable {
    /// The set, readable when there is something to report.
    let descriptor: Int32

    init() {
        // Without a set (descriptors have run out) disconnects are noticed when writing, as by the library itself.
        descriptor = braid_epoll_create()
    }

    deinit { close(descriptor) }

    /// Has the set report the id, once, when the other end of the socket closes; ids are positive.
    func add(_ socket: Int32, _ id: UInt64) { braid_epoll_add(descriptor, socket, id) }

    /// Takes a socket out, which must come before it can be closed.
    func remove(_ socket: Int32) { braid_epoll_remove(descriptor, socket) }

    /// The ids of those that have gone away since the last call; 64 at most, the set stays readable for the rest.
    func take() -> [UInt64] {
        unsafe [UInt64](unsafeUninitializedCapacity: 64) { ids, count in
            count = unsafe Int(braid_epoll_take(descriptor, ids.baseAddress, Int32(ids.count), 0))
        }
    }
}
