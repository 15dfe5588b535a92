import Glibc

/// Writes lines for people: time, level, label, message, then `key=value`.
package struct TextLogSink: LogSink {
    private let descriptor: Int32
    private let isColoured: Bool

    /// A sink that writes to a file descriptor.
    ///
    /// - Parameters:
    ///   - descriptor: Standard error unless said otherwise.
    ///   - coloured: Whether levels have colours; `nil` means on a terminal, and not where `NO_COLOR` is set.
    package init(descriptor: Int32 = STDERR_FILENO, coloured: Bool? = nil) {
        self.descriptor = descriptor
        let isWanted = unsafe getenv("NO_COLOR") == nil
        isColoured = coloured ?? (isWanted && isatty(descriptor) == 1)
    }

    package func write(_ entry: LogEntry) { LineOutput.write(line(of: entry), to: descriptor) }

    /// The text of one line, without its end.
    package func line(of entry: LogEntry) -> String {
        var line = isColoured ? "\u{1B}[2m\(entry.time)\u{1B}[0m " : "\(entry.time) "
        let level = entry.level.rawValue.uppercased() + String(repeating: " ", count: 7 - entry.level.rawValue.count)
        line += isColoured ? "\(colour(of: entry.level))\(level)\u{1B}[0m " : "\(level) "
        line += isColoured ? "\u{1B}[1m\(entry.label)\u{1B}[0m: " : "\(entry.label): "
        line += Self.onOneLine(entry.message)
        for (key, value) in entry.metadata {
            line += " \(key)=\(Self.quotedWhereNeeded(Self.shortened(value.description)))"
        }
        return line
    }

    private func colour(of level: LogLevel) -> String {
        switch level {
        case .debug: "\u{1B}[36m"
        case .info: "\u{1B}[32m"
        case .warning: "\u{1B}[33m"
        case .error: "\u{1B}[31m"
        }
    }

    /// An execution's ARN without what all of them begin with.
    private static func shortened(_ value: String) -> String {
        guard value.hasPrefix("arn:aws:states:") else { return value }
        let parts = value.split(separator: ":", maxSplits: 6, omittingEmptySubsequences: false)
        return parts.count == 7 && ["execution", "express"].contains(parts[5]) ? String(parts[6]) : value
    }

    /// Keeps a message on its line, and control sequences out of the terminal.
    private static func onOneLine(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                result += "\\x\(scalar.value < 16 ? "0" : "")\(String(scalar.value, radix: 16))"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func quotedWhereNeeded(_ value: String) -> String {
        let isPlain = !value.isEmpty && !value.utf8.contains { $0 <= 0x20 || $0 == 0x22 || $0 == 0x3D || $0 == 0x7F }
        guard !isPlain else { return value }
        let escaped = value.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"")
        return "\"\(onOneLine(escaped))\""
    }
}
