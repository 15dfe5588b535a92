import Glibc

/// Writes lines for machines: one JSON object each, with `time`, `level`, `label`, `message`, then the metadata's keys.
package struct JSONLogSink: LogSink {
    private let descriptor: Int32

    /// A sink that writes to a file descriptor, standard error unless said otherwise.
    package init(descriptor: Int32 = STDERR_FILENO) { self.descriptor = descriptor }

    package func write(_ entry: LogEntry) { LineOutput.write(line(of: entry), to: descriptor) }

    /// The text of one line, without its end.
    package func line(of entry: LogEntry) -> String {
        var line = "{\"time\":\"\(entry.time)\",\"level\":\"\(entry.level.rawValue)\",\"label\":"
        Self.append(entry.label, to: &line)
        line += ",\"message\":"
        Self.append(entry.message, to: &line)
        for (key, value) in entry.metadata {
            line += ","
            Self.append(key, to: &line)
            line += ":"
            switch value {
            case .int(let number): line += "\(number)"
            case .bool(let truth): line += truth ? "true" : "false"
            case .double(let number) where number.isFinite: line += "\(number)"
            case .double, .string: Self.append(value.description, to: &line)
            }
        }
        return line + "}"
    }

    private static func append(_ text: String, to line: inout String) {
        line += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": line += "\\\""
            case "\\": line += "\\\\"
            case "\n": line += "\\n"
            case "\r": line += "\\r"
            case "\t": line += "\\t"
            case _ where scalar.value < 0x20:
                line += "\\u00\(scalar.value < 16 ? "0" : "")\(String(scalar.value, radix: 16))"
            default: line.unicodeScalars.append(scalar)
            }
        }
        line += "\""
    }
}
