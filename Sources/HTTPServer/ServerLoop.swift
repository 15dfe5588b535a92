import CMicroHTTPD
import Lifecycle
import Synchronization

/// The thread on which a daemon does its work.
///
/// The daemon's own thread will not do: when exactly as many events are ready as libmicrohttpd 0.9.75 asks epoll for at once
/// (128), it waits for more before it looks at them, up to the idle limit. Called from outside, it never waits.
final class ServerLoop: Sendable {
    private enum Wish { case serve, quiesce, end }

    private let core: ServerCore
    private let wish = Mutex(Wish.serve)
    private let quiesced = Gate()
    private let ended = Gate()

    /// Starts a daemon that accepts on a listening socket, and its thread.
    init(core: ServerCore, listening descriptor: Int32) throws(HTTPServerError) {
        self.core = core
        let limits = core.limits
        let daemon = unsafe braid_mhd_start(
            descriptor,
            UInt32(clamping: limits.connections),
            limits.headBytes,
            UInt32(clamping: limits.idle.components.seconds),
            serveRequest,
            beginRequest,
            completeRequest,
            Unmanaged.passUnretained(core).toOpaque()
        )
        guard let daemon = unsafe daemon else {
            throw .cannotStart(reason: "libmicrohttpd refused; file descriptors or memory may have run out")
        }
        let handle = unsafe Daemon(pointer: daemon)
        guard SystemThread.start({ self.work(handle) }) else {
            unsafe MHD_stop_daemon(daemon)
            throw .cannotStart(reason: "the system has no thread left for it")
        }
    }

    /// Accepts no more connections; returns when the listening socket may be closed.
    func quiesce() async {
        wish.withLock { $0 = .quiesce }
        core.disconnects.wake()
        try? await quiesced.wait()
    }

    /// Closes all connections, none of which may be suspended, and ends the thread.
    func end() async {
        wish.withLock { $0 = .end }
        core.disconnects.wake()
        try? await ended.wait()
    }

    private func work(_ daemon: Daemon) {
        let set = unsafe braid_mhd_set(daemon.pointer)
        var current = Wish.serve
        while current != .end {
            unsafe braid_mhd_wait(daemon.pointer, set, core.disconnects.descriptor)
            // What woke the loop is taken before what it was woken for, so that nothing is left behind unannounced.
            for id in core.disconnects.take() { core.cancel(id) }
            resume()
            _ = unsafe MHD_run(daemon.pointer)
            current = wish.withLock { $0 }
            if current != .serve && !quiesced.isOpen {
                _ = unsafe MHD_quiesce_daemon(daemon.pointer)
                quiesced.open()
            }
        }
        // The daemon must not be stopped while a connection is suspended.
        resume()
        unsafe MHD_stop_daemon(daemon.pointer)
        ended.open()
    }

    private func resume() {
        for connection in core.takeResumable() { connection.resume() }
    }
}

/// A daemon's pointer, which is used on the loop's thread only.
@safe private struct Daemon: @unchecked Sendable {
    let pointer: OpaquePointer
}
