import CSystem
import Glibc
import Lifecycle
import Synchronization

/// Reads what a program writes, and gives it on a line at a time.
///
/// On a thread of its own: Dispatch's sources crash now and then when the other end of a pipe is closed.
final class OutputLines: Sendable {
    /// A line that is longer is given in pieces.
    private static let longest = 16 << 10

    private let descriptor: Int32
    private let line: @Sendable (String) -> Void
    /// What wakes the reading thread; -1 once it has ended.
    private let wakeup: Mutex<Int32>

    /// Reads until the other end is closed or ``finish()`` is called, and closes the descriptor then.
    init(reading descriptor: Int32, _ line: @escaping @Sendable (String) -> Void) {
        self.descriptor = descriptor
        self.line = line
        let wakeup = braid_wakeup()
        self.wakeup = Mutex(wakeup)
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        if !SystemThread.start({ self.read(wokenBy: wakeup) }) { close() }
    }

    /// Has what is there be read, and no more.
    ///
    /// What a program left behind, in a session of its own, may hold the other end open for as long as it likes.
    func finish() {
        wakeup.withLock { wakeup in
            if wakeup >= 0 { braid_wake_up(wakeup) }
        }
    }

    private func read(wokenBy wakeup: Int32) {
        var unfinished: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var isLast = false
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                take(buffer[..<count], &unfinished)
            } else if count == 0 || errno != EAGAIN || isLast {
                break
            } else {
                var events = [
                    pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
                    pollfd(fd: wakeup, events: Int16(POLLIN), revents: 0),
                ]
                _ = unsafe poll(&events, 2, -1)
                isLast = events[1].revents != 0
            }
        }
        if !unfinished.isEmpty { line(String(decoding: unfinished, as: UTF8.self)) }
        close()
    }

    private func take(_ bytes: ArraySlice<UInt8>, _ unfinished: inout [UInt8]) {
        for byte in bytes {
            if byte != UInt8(ascii: "\n") { unfinished.append(byte) }
            guard byte == UInt8(ascii: "\n") || unfinished.count >= Self.longest else { continue }
            if unfinished.last == UInt8(ascii: "\r") { unfinished.removeLast() }
            line(String(decoding: unfinished, as: UTF8.self))
            unfinished.removeAll(keepingCapacity: true)
        }
    }

    private func close() {
        wakeup.withLock { wakeup in
            if wakeup >= 0 { _ = Glibc.close(wakeup) }
            wakeup = -1
        }
        _ = Glibc.close(descriptor)
    }
}
