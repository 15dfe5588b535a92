import Synchronization

/// Keeps what is logged, for tests that check it.
package final class CapturingLogSink: LogSink {
    private let stored = Mutex<[LogEntry]>([])

    package init() {}

    /// Everything logged so far, oldest first.
    package var entries: [LogEntry] { stored.withLock { $0 } }

    /// The messages logged so far, oldest first.
    package var messages: [String] { entries.map(\.message) }

    package func write(_ entry: LogEntry) { stored.withLock { $0.append(entry) } }
}
