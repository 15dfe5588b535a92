import CMicroHTTPD
import Dispatch
import Glibc

/// Notices when the client of a suspended connection goes away: libmicrohttpd does not look at those.
///
/// An epoll set of its own in which each socket stands only while its connection is suspended, once, for hang-ups alone.
final class DisconnectWatch: Sendable {
    /// Dispatch objects may be used from any thread, which their Swift types do not say.
    private struct Source: @unchecked Sendable { let source: any DispatchSourceRead }

    private let descriptor: Int32
    private let source: Source

    init() {
        descriptor = braid_epoll_create()
        // Without a set (descriptors have run out) disconnects are noticed when writing, as by the library itself.
        source = Source(
            source: DispatchSource.makeReadSource(
                fileDescriptor: descriptor,
                queue: DispatchQueue(label: "braid.http.disconnects")
            )
        )
    }

    /// Begins to report; to be called once.
    func activate(_ report: @escaping @Sendable (UInt64) -> Void) {
        let descriptor = descriptor
        source.source.setEventHandler {
            while case let id = braid_epoll_next(descriptor), id != 0 { report(id) }
        }
        source.source.setCancelHandler { close(descriptor) }
        source.source.activate()
    }

    deinit { source.source.cancel() }

    func add(_ socket: Int32, _ id: UInt64) { braid_epoll_add(descriptor, socket, id) }

    func remove(_ socket: Int32) { braid_epoll_remove(descriptor, socket) }
}
