/// Writes log lines of one part of Braid.
///
/// Messages are sentences; what they are about goes into the metadata, in order: `log.info("leased", [("count", 3)])`.
/// Neither ever holds a payload or a bound value.
package struct Logger: Sendable {
    /// The part that writes.
    package let label: String
    /// The least level that is written.
    package let level: LogLevel
    private let sink: any LogSink
    private let context: [(key: String, value: LogValue)]

    /// A logger of one part.
    ///
    /// - Parameters:
    ///   - label: The part's name, such as `worker`.
    ///   - level: The least level that is written; the process's default when `nil`.
    ///   - sink: Where lines go; the process's default when `nil`.
    package init(label: String, level: LogLevel? = nil, sink: (any LogSink)? = nil) {
        let defaults = LogDefaults.current
        self.init(label: label, level: level ?? defaults.level, sink: sink ?? defaults.sink, context: [])
    }

    private init(label: String, level: LogLevel, sink: any LogSink, context: [(key: String, value: LogValue)]) {
        self.label = label
        self.level = level
        self.sink = sink
        self.context = context
    }

    /// A logger of a part of this part, with the same sink: `worker` gives `worker.lease`.
    package func child(_ name: String) -> Logger {
        Logger(label: "\(label).\(name)", level: level, sink: sink, context: context)
    }

    /// A logger that puts the given metadata before that of each line.
    package func with(_ metadata: [(String, any CustomStringConvertible)]) -> Logger {
        Logger(label: label, level: level, sink: sink, context: context + Self.values(metadata))
    }

    /// Writes a line for whoever debugs Braid.
    package func debug(
        _ message: @autoclosure () -> String,
        _ metadata: @autoclosure () -> [(String, any CustomStringConvertible)] = []
    ) { log(.debug, message(), metadata()) }

    /// Writes a line for whoever reads the log afterwards.
    package func info(
        _ message: @autoclosure () -> String,
        _ metadata: @autoclosure () -> [(String, any CustomStringConvertible)] = []
    ) { log(.info, message(), metadata()) }

    /// Writes a line about trouble that Braid copes with.
    package func warning(
        _ message: @autoclosure () -> String,
        _ metadata: @autoclosure () -> [(String, any CustomStringConvertible)] = []
    ) { log(.warning, message(), metadata()) }

    /// Writes a line about trouble that needs a person.
    package func error(
        _ message: @autoclosure () -> String,
        _ metadata: @autoclosure () -> [(String, any CustomStringConvertible)] = []
    ) { log(.error, message(), metadata()) }

    /// Writes a line of a level known only when running; nothing is computed for a line that is not written.
    package func log(
        _ level: LogLevel,
        _ message: @autoclosure () -> String,
        _ metadata: @autoclosure () -> [(String, any CustomStringConvertible)] = []
    ) {
        guard level >= self.level else { return }
        sink.write(
            LogEntry(
                time: .now(),
                level: level,
                label: label,
                message: message(),
                metadata: context + Self.values(metadata())
            )
        )
    }

    private static func values(_ pairs: [(String, any CustomStringConvertible)]) -> [(key: String, value: LogValue)] {
        pairs.map { (key: $0.0, value: LogValue($0.1)) }
    }
}
