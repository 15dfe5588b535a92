import CMicroHTTPD
import Lifecycle
import Synchronization

/// One daemon, as its thread works on it.
final class ServerLoop: Sendable {
    /// What comes after a piece of work.
    enum Next {
        /// More of it: when it is called, and at the latest after that time.
        case again(within: Duration?)
        /// Nothing: the daemon is stopped.
        case over
    }

    private enum Wish { case serve, quiesce, end }

    /// What the thread knows it by.
    var id: UInt64 { core.id }
    private let core: ServerCore
    private let daemon: Daemon
    private let wish = Mutex(Wish.serve)
    private let quiesced = Gate()
    private let ended = Gate()

    /// Starts a daemon that accepts on a listening socket.
    init(core: ServerCore, listening descriptor: Int32) throws(HTTPServerError) {
        self.core = core
        let limits = core.limits
        let pointer = unsafe braid_mhd_start(
            descriptor,
            UInt32(clamping: limits.connections),
            limits.headBytes,
            UInt32(clamping: limits.idle.components.seconds),
            serveRequest,
            beginRequest,
            completeRequest,
            Unmanaged.passUnretained(core).toOpaque()
        )
        guard let pointer = unsafe pointer else {
            throw .cannotStart(reason: "libmicrohttpd refused; file descriptors or memory may have run out")
        }
        daemon = unsafe Daemon(pointer: pointer)
        let set = unsafe braid_mhd_set(pointer)
        guard core.thread.add(self, watching: [set, core.disconnects.descriptor]) else {
            unsafe MHD_stop_daemon(pointer)
            throw .cannotStart(reason: "the system has no thread left for it, or nothing to watch it by")
        }
    }

    /// Accepts no more connections; returns when the listening socket may be closed.
    func quiesce() async {
        wish.withLock { $0 = .quiesce }
        core.wake()
        try? await quiesced.wait()
    }

    /// Closes all connections, none of which may be suspended, and ends.
    func end() async {
        wish.withLock { $0 = .end }
        core.wake()
        try? await ended.wait()
    }

    /// Does what there is to do; called on its thread, and never waits.
    func work() -> Next {
        for id in core.disconnects.take() { core.cancel(id) }
        resume()
        _ = unsafe MHD_run(daemon.pointer)
        let wish = wish.withLock { $0 }
        if wish != .serve && !quiesced.isOpen {
            _ = unsafe MHD_quiesce_daemon(daemon.pointer)
            quiesced.open()
        }
        guard wish == .end else {
            let timeout = unsafe braid_mhd_timeout(daemon.pointer)
            return .again(within: timeout < 0 ? nil : .milliseconds(timeout))
        }
        // The daemon must not be stopped while a connection is suspended.
        resume()
        core.thread.ignore([core.disconnects.descriptor])
        unsafe MHD_stop_daemon(daemon.pointer)
        ended.open()
        return .over
    }

    private func resume() {
        for connection in core.takeResumable() { connection.resume() }
    }
}

/// A daemon's pointer, which is used on its thread only once it has one.
@safe private struct Daemon: @unchecked Sendable {
    let pointer: OpaquePointer
}
