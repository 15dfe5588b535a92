import Dispatch
import Glibc
import Synchronization

/// The signals that ask a process to stop.
package enum Signals {
    /// SIGINT and SIGTERM from now on, as they arrive, until the stream is dropped.
    ///
    /// The first is given to the reader, who drains; a second one ends the process at once with the status a shell expects
    /// (128 and the signal's number). Once this is called, the system's own handling of these signals is off for good.
    package static func stop() -> AsyncStream<Int32> {
        AsyncStream { continuation in
            let sources = SignalSources([SIGINT, SIGTERM]) { number, count in
                if count > 1 { _exit(128 + number) }
                continuation.yield(number)
            }
            continuation.onTermination = { _ in sources.cancel() }
        }
    }
}

/// Dispatch's sources of some signals, with how many came.
private final class SignalSources: Sendable {
    /// Dispatch objects may be used from any thread, which their Swift types do not say.
    private struct Source: @unchecked Sendable { let source: any DispatchSourceSignal }

    private let sources: [Source]

    init(_ signals: [Int32], handler: @escaping @Sendable (_ number: Int32, _ count: Int) -> Void) {
        let queue = DispatchQueue(label: "braid.signals")
        let counter = SignalCounter()
        sources = signals.map { number in
            _ = signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { handler(number, counter.increment()) }
            source.activate()
            return Source(source: source)
        }
    }

    func cancel() {
        for held in sources { held.source.cancel() }
    }
}

private final class SignalCounter: Sendable {
    private let count = Atomic<Int>(0)

    func increment() -> Int { count.wrappingAdd(1, ordering: .relaxed).newValue }
}
