import CPostgres
import Glibc

/// Ends a blocking wait on a socket from another thread.
final class Waker: Sendable {
    private let descriptor = eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC))

    deinit { close(descriptor) }

    /// Ends the present wait, or the next one.
    func wake() {
        var one: UInt64 = 1
        _ = unsafe write(descriptor, &one, 8)
    }

    /// Waits until there is something to read, or until woken.
    func wait(for socket: Int32) {
        var descriptors = [
            pollfd(fd: socket, events: Int16(POLLIN), revents: 0),
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
        ]
        _ = unsafe poll(&descriptors, 2, -1)
        var count: UInt64 = 0
        _ = unsafe read(descriptor, &count, 8)
    }
}
