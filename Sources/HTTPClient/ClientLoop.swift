import CCurl
import Glibc
import Lifecycle
import Synchronization

/// The thread on which one client's transfers are worked on.
final class ClientLoop: Sendable {
    typealias Continuation = CheckedContinuation<Result<HTTPClientResponse, HTTPClientError>, Never>

    /// libcurl's set of transfers; only its wake-up is used from other threads, which libcurl allows.
    @safe private struct Multi: @unchecked Sendable {
        let pointer: UnsafeMutableRawPointer?
    }

    private struct Inbox {
        var arrivals: [(Transfer, Continuation)] = []
        var cancelled: [Transfer] = []
        var isEnding = false
    }

    private static let isReady = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK
    private let multi: Multi
    private let inbox = Mutex(Inbox())

    init() {
        precondition(Self.isReady, "libcurl cannot start")
        let pointer = unsafe curl_multi_init()
        multi = unsafe Multi(pointer: pointer)
        if !SystemThread.start({ self.work() }) { inbox.withLock { $0.isEnding = true } }
    }

    func begin(_ transfer: Transfer, _ continuation: Continuation) {
        let isTaken = inbox.withLock { inbox in
            if !inbox.isEnding { inbox.arrivals.append((transfer, continuation)) }
            return !inbox.isEnding
        }
        // A client that lives has ended only if the system had no thread for it.
        if isTaken { wake() } else { continuation.resume(returning: .failure(.cancelled)) }
    }

    func cancel(_ transfer: Transfer) {
        transfer.isCancelled.store(true, ordering: .relaxed)
        inbox.withLock { $0.cancelled.append(transfer) }
        wake()
    }

    func end() {
        inbox.withLock { $0.isEnding = true }
        wake()
    }

    private func wake() { _ = unsafe curl_multi_wakeup(multi.pointer) }

    private func work() {
        // OpenSSL writes to sockets without asking for no signal.
        var signals = sigset_t()
        _ = unsafe sigemptyset(&signals)
        _ = unsafe sigaddset(&signals, SIGPIPE)
        _ = unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
        var running: [ObjectIdentifier: (transfer: Transfer, continuation: Continuation)] = [:]

        func finish(_ id: ObjectIdentifier, _ result: (Transfer) -> Result<HTTPClientResponse, HTTPClientError>) {
            guard let (transfer, continuation) = running.removeValue(forKey: id) else { return }
            let result = result(transfer)
            unsafe transfer.detach(from: multi.pointer)
            continuation.resume(returning: result)
        }

        while true {
            let inbox = inbox.withLock { inbox in
                defer { inbox = Inbox(isEnding: inbox.isEnding) }
                return inbox
            }
            for (transfer, continuation) in inbox.arrivals {
                guard !transfer.isCancelled.load(ordering: .relaxed), !inbox.isEnding else {
                    continuation.resume(returning: .failure(.cancelled))
                    continue
                }
                do {
                    try unsafe transfer.attach(to: multi.pointer)
                    running[ObjectIdentifier(transfer)] = (transfer, continuation)
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
            for transfer in inbox.cancelled { finish(ObjectIdentifier(transfer)) { _ in .failure(.cancelled) } }
            if inbox.isEnding { break }

            var count: Int32 = 0
            _ = unsafe curl_multi_perform(multi.pointer, &count)
            var code = CURLE_OK
            while let owner = unsafe braid_curl_ended(multi.pointer, &code) {
                let ended = code
                let transfer = unsafe Unmanaged<Transfer>.fromOpaque(owner).takeUnretainedValue()
                finish(ObjectIdentifier(transfer)) { $0.result(ended) }
            }
            _ = unsafe curl_multi_poll(multi.pointer, nil, 0, 60_000, nil)
        }
        for id in Array(running.keys) { finish(id) { _ in .failure(.cancelled) } }
        _ = unsafe curl_multi_cleanup(multi.pointer)
    }
}
