import CMicroHTTPD

/// A response in the daemon's form.
///
/// Made in any thread; then either sent or discarded, once.
@safe struct PreparedResponse: @unchecked Sendable {
    private static let blockSize = 32 << 10
    /// Fields that the daemon writes itself.
    private static let reserved = ["content-length", "transfer-encoding", "connection"]

    private let status: Int
    /// `nil` for a stream, whose body needs the exchange that is sent.
    private let complete: OpaquePointer?
    private let headers: HTTPHeaders
    private let closes: Bool

    init(_ response: HTTPResponse, closes: Bool) {
        status = response.status
        headers = response.headers
        self.closes = closes
        if case .bytes(let bytes) = response.body {
            unsafe complete = unsafe bytes.withUnsafeBytes { bytes in
                // The bytes are copied, so nothing writes through the pointer.
                let start = unsafe UnsafeMutableRawPointer(mutating: bytes.baseAddress)
                return unsafe MHD_create_response_from_buffer(bytes.count, start, .RESPMEM_MUST_COPY)
            }
            if let complete = unsafe complete { unsafe addHeaders(to: complete) }
        } else {
            unsafe complete = nil
        }
    }

    /// Begins to send it, on the loop's thread; returns whether the connection may live.
    func send(on connection: Connection, of exchange: Exchange) -> Bool {
        guard let response = unsafe complete ?? stream(from: exchange) else { return false }
        defer { unsafe MHD_destroy_response(response) }
        return unsafe connection.queue(status: status, response)
    }

    /// Frees what will not be sent.
    func discard() {
        if let complete = unsafe complete { unsafe MHD_destroy_response(complete) }
    }

    private func stream(from exchange: Exchange) -> OpaquePointer? {
        // The response holds its exchange until it is destroyed.
        let context = unsafe Unmanaged.passRetained(exchange)
        let response = unsafe braid_mhd_stream(Self.blockSize, readStream, context.toOpaque(), releaseStream)
        guard let response = unsafe response else {
            unsafe context.release()
            return nil
        }
        unsafe addHeaders(to: response)
        return unsafe response
    }

    private func addHeaders(to response: OpaquePointer) {
        for (name, value) in headers where !Self.reserved.contains(name.lowercased()) {
            // A name or value with a line break is refused by the daemon and left out.
            _ = unsafe MHD_add_response_header(response, name, value)
        }
        if closes { _ = unsafe MHD_add_response_header(response, "Connection", "close") }
    }
}
