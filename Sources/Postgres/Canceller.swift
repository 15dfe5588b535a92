import CPostgres
import Dispatch
import Synchronization

/// Asks the server to cancel the statements in flight of one connection.
///
/// The request goes over a connection of its own and carries no statement's name, so it may only be sent while the statements
/// that are to be cancelled are in flight: what is next on the connection waits until the request has been answered. One
/// that arrives before the server has begun, or after it has ended, does nothing. libpq promises that `PQcancel` may be
/// called from any thread.
@safe final class Canceller: @unchecked Sendable {
    private let handle: OpaquePointer?
    private let inFlight = Mutex<Int?>(nil)

    init(_ connection: OpaquePointer) { unsafe handle = PQgetCancel(connection) }

    deinit { unsafe PQfreeCancel(handle) }

    /// Says which call's statements are about to be sent; `nil` once all of them are answered.
    func setInFlight(_ call: Int?) { inFlight.withLock { $0 = call } }

    /// Sends a request if the call is in flight, from a thread where that may take its time.
    func cancel(_ call: Int) {
        DispatchQueue.global().async {
            self.inFlight.withLock { current in
                guard current == call else { return }
                unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { reason in
                    _ = unsafe PQcancel(self.handle, reason.baseAddress, 256)
                }
            }
        }
    }
}
