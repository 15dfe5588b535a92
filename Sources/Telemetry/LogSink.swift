import Synchronization

/// Where log lines go.
package protocol LogSink: Sendable {
    /// Writes one line; called from any thread, must not block for long and cannot fail.
    func write(_ entry: LogEntry)
}

/// The sink and the threshold of every logger that was not given its own.
package struct LogDefaults: Sendable {
    /// Where lines go.
    package var sink: any LogSink
    /// The least level that is written.
    package var level: LogLevel

    package init(sink: any LogSink, level: LogLevel) {
        self.sink = sink
        self.level = level
    }

    /// What loggers take when they are made; set once, by the command line, before the first part is put together.
    package static var current: LogDefaults {
        get { stored.withLock { $0 } }
        set { stored.withLock { $0 = newValue } }
    }

    /// The one piece of global state: a process has one standard error.
    private static let stored = Mutex(LogDefaults(sink: TextLogSink(), level: .info))
}
