import Dispatch
import Glibc
import Synchronization

/// Reads what a program writes, and gives it on a line at a time.
final class OutputLines: Sendable {
    /// A line that is longer is given in pieces.
    private static let longest = 16 << 10

    /// Dispatch objects may be used from any thread, which their Swift types do not say.
    private struct Source: @unchecked Sendable { let source: any DispatchSourceRead }

    private let descriptor: Int32
    private let queue = DispatchQueue(label: "braid.function.output")
    private let source: Source
    private let line: @Sendable (String) -> Void
    private let unfinished = Mutex<[UInt8]>([])

    /// Reads until ``finish()``, and closes the descriptor then.
    init(reading descriptor: Int32, _ line: @escaping @Sendable (String) -> Void) {
        self.descriptor = descriptor
        self.line = line
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        source = Source(source: DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue))
        source.source.setEventHandler { [weak self] in self?.read() }
        source.source.setCancelHandler { _ = Glibc.close(descriptor) }
        source.source.activate()
    }

    /// Gives what is left, and ends.
    func finish() {
        queue.async { [self] in
            guard !source.source.isCancelled else { return }
            read()
            close()
        }
    }

    /// Gives an unfinished line, and reads no more.
    private func close() {
        guard !source.source.isCancelled else { return }
        let rest = unfinished.withLock { $0 }
        if !rest.isEmpty { line(String(decoding: rest, as: UTF8.self)) }
        source.source.cancel()
    }

    private func read() {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else {
                if count == 0 { close() }
                return
            }
            take(buffer[..<count])
        }
    }

    private func take(_ bytes: ArraySlice<UInt8>) {
        let lines = unfinished.withLock { unfinished in
            var lines: [String] = []
            for byte in bytes {
                if byte != UInt8(ascii: "\n") { unfinished.append(byte) }
                guard byte == UInt8(ascii: "\n") || unfinished.count >= Self.longest else { continue }
                if unfinished.last == UInt8(ascii: "\r") { unfinished.removeLast() }
                lines.append(String(decoding: unfinished, as: UTF8.self))
                unfinished.removeAll(keepingCapacity: true)
            }
            return lines
        }
        for text in lines { line(text) }
    }
}
