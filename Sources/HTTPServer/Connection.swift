import CMicroHTTPD
import Glibc

/// A connection of the daemon.
///
/// Its pointer is valid from its request's first line to the completion callback. Its methods may be called on the loop's
/// thread only.
@safe struct Connection: @unchecked Sendable {
    /// Its socket.
    let socket: Int32
    private let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) {
        unsafe self.pointer = unsafe pointer
        socket = unsafe braid_mhd_socket(pointer)
    }

    /// Has the daemon leave the connection alone.
    func suspend() { unsafe MHD_suspend_connection(pointer) }

    /// Has the daemon go on with the connection.
    func resume() { unsafe MHD_resume_connection(pointer) }

    /// Begins to send a response.
    func queue(status: Int, _ response: OpaquePointer) -> Bool {
        unsafe MHD_queue_response(pointer, UInt32(clamping: status), response) == .YES
    }

    /// The request's header fields.
    func headers() -> HTTPHeaders {
        var headers = HTTPHeaders()
        unsafe withUnsafeMutablePointer(to: &headers) { headers in
            let add: MHD_KeyValueIteratorN = { context, _, key, keySize, value, valueSize in
                let headers = unsafe context?.assumingMemoryBound(to: HTTPHeaders.self)
                let name = unsafe text(key, keySize)
                let value = unsafe text(value, valueSize)
                unsafe headers?.pointee.add(name, value)
                return .YES
            }
            _ = unsafe MHD_get_connection_values_n(pointer, .HEADER_KIND, add, headers)
        }
        return headers
    }

    /// The client's numeric address.
    func clientAddress() -> String? {
        guard let address = unsafe braid_mhd_client(pointer) else { return nil }
        let family = unsafe Int32(address.pointee.sa_family)
        // The address lies behind family and port, in IPv6 also behind the flow's label.
        let offset = family == AF_INET ? 4 : 8
        guard family == AF_INET || family == AF_INET6 else { return nil }
        return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { buffer in
            let place = unsafe UnsafeRawPointer(address) + offset
            let name = unsafe inet_ntop(family, place, buffer.baseAddress, socklen_t(buffer.count))
            return unsafe name.map { unsafe String(cString: $0) }
        }
    }
}

/// A header's name or value, which need not be UTF-8.
private func text(_ start: UnsafePointer<CChar>?, _ count: Int) -> String {
    guard let start = unsafe start else { return "" }
    return unsafe String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
}
