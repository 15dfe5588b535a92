/// The unsent bytes of a streamed body.
struct StreamBuffer {
    /// Above this many unsent bytes a writer waits.
    private static let room = 256 << 10

    /// Nothing more will be written.
    var isFinished = false
    /// The writer that waits for room.
    var waiting: CheckedContinuation<Void, Never>?
    private var bytes: [UInt8] = []
    private var sent = 0

    /// Whether a writer is to wait.
    var isFull: Bool { bytes.count - sent >= Self.room }

    mutating func append(_ more: [UInt8]) { bytes += more }

    /// Moves unsent bytes out, as many as fit.
    mutating func take(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, bytes.count - sent)
        unsafe buffer.copyBytes(from: bytes[sent..<sent + count])
        sent += count
        if sent == bytes.count {
            bytes.removeAll(keepingCapacity: bytes.capacity <= Self.room)
            sent = 0
        }
        return count
    }

    /// The writer that waits, once there is room for it or nobody reads any more.
    mutating func takeWaiting() -> CheckedContinuation<Void, Never>? {
        defer { waiting = nil }
        return waiting
    }
}
