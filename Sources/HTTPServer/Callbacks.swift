import CMicroHTTPD

// What libmicrohttpd calls on the loop's thread. A request's context is a retained `Exchange`, from its first line to its completion.

/// A request's first line was read.
func beginRequest(
    context: UnsafeMutableRawPointer?,
    target: UnsafePointer<CChar>?,
    connection: OpaquePointer?
) -> UnsafeMutableRawPointer? {
    guard let context = unsafe context, let target = unsafe target, let connection = unsafe connection else {
        return nil
    }
    let core = unsafe Unmanaged<ServerCore>.fromOpaque(context).takeUnretainedValue()
    let exchange = unsafe Exchange(core: core, connection: Connection(connection), target: String(cString: target))
    return unsafe Unmanaged.passRetained(exchange).toOpaque()
}

/// The request's head is there, or a piece of its body, or its end; or its connection was resumed.
func serveRequest(
    context: UnsafeMutableRawPointer?,
    connection: OpaquePointer?,
    path: UnsafePointer<CChar>?,
    method: UnsafePointer<CChar>?,
    version: UnsafePointer<CChar>?,
    piece: UnsafePointer<CChar>?,
    count: UnsafeMutablePointer<Int>?,
    request: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
    guard let held = unsafe request?.pointee, let method = unsafe method, let count = unsafe count else { return .NO }
    let exchange = unsafe Unmanaged<Exchange>.fromOpaque(held).takeUnretainedValue()
    let piece = unsafe UnsafeRawBufferPointer(start: piece, count: count.pointee)
    unsafe count.pointee = 0
    return unsafe exchange.proceed(method: method, piece: piece) ? .YES : .NO
}

/// The response was sent, or the connection lost.
func completeRequest(
    context: UnsafeMutableRawPointer?,
    connection: OpaquePointer?,
    request: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
    reason: MHD_RequestTerminationCode
) {
    guard let held = unsafe request?.pointee else { return }
    unsafe request?.pointee = nil
    unsafe Unmanaged<Exchange>.fromOpaque(held).takeRetainedValue().complete()
}

/// Bytes of a streamed body are wanted.
func readStream(
    context: UnsafeMutableRawPointer?,
    position: UInt64,
    buffer: UnsafeMutablePointer<CChar>?,
    count: Int
) -> Int {
    guard let context = unsafe context, let buffer = unsafe buffer else { return braid_mhd_end_with_error }
    let exchange = unsafe Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
    return unsafe exchange.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: count))
}

/// A streamed response is destroyed.
func releaseStream(context: UnsafeMutableRawPointer?) {
    if let context = unsafe context { unsafe Unmanaged<Exchange>.fromOpaque(context).release() }
}
