import Glibc
import Synchronization

/// Where a command's answer goes, and what it has to say beside it.
struct Output: Sendable {
    /// How a piece of text is set off on a terminal.
    enum Style: String, Sendable {
        case bold = "1"
        case faint = "2"
        case red = "31"
        case green = "32"
        case yellow = "33"
        case blue = "34"
        case cyan = "36"
    }

    private let standardOutput: @Sendable (String) -> Void
    private let standardBytes: @Sendable ([UInt8]) -> Void
    private let standardError: @Sendable (String) -> Void
    /// Whether the answer has colours.
    let isColoured: Bool
    /// How many characters a line may have on the terminal; `nil` where the answer goes elsewhere.
    let width: Int?
    /// Where it is told how far long work is; `nil` where nobody looks on.
    let progress: ProgressLine?

    init(
        isColoured: Bool,
        width: Int?,
        progress: ProgressLine? = nil,
        standardOutput: @escaping @Sendable (String) -> Void,
        standardBytes: (@Sendable ([UInt8]) -> Void)? = nil,
        standardError: @escaping @Sendable (String) -> Void
    ) {
        self.isColoured = isColoured
        self.width = width
        self.progress = progress
        self.standardOutput = standardOutput
        self.standardBytes = standardBytes ?? { standardOutput(String(decoding: $0, as: UTF8.self)) }
        self.standardError = standardError
    }

    /// The process's own.
    static func ofProcess(environment: [String: String]) -> Output {
        let isTerminal = isatty(STDOUT_FILENO) == 1
        return Output(
            isColoured: isTerminal && environment["NO_COLOR"] == nil && environment["TERM"] != "dumb",
            width: isTerminal ? terminalWidth() : nil,
            progress: .ofProcess(environment: environment) { write(Array($0.utf8), to: STDERR_FILENO) },
            standardOutput: { write(Array($0.utf8), to: STDOUT_FILENO) },
            standardBytes: { write($0, to: STDOUT_FILENO) },
            standardError: { write(Array($0.utf8), to: STDERR_FILENO) }
        )
    }

    /// Writes a line of the answer.
    func line(_ text: String = "") { aside { standardOutput(text + "\n") } }

    /// Writes an answer that is no text.
    func bytes(_ bytes: [UInt8]) { aside { standardBytes(bytes) } }

    /// Writes a line that is not part of the answer.
    func note(_ text: String) { aside { standardError(text + "\n") } }

    private func aside(_ body: () -> Void) {
        if let progress { progress.aside(body) } else { body() }
    }

    /// Returns the text set off, where the answer has colours.
    func styled(_ text: String, _ styles: Style...) -> String {
        guard isColoured, !text.isEmpty else { return text }
        return "\u{1B}[\(styles.map(\.rawValue).joined(separator: ";"))m\(text)\u{1B}[0m"
    }

    private static func terminalWidth() -> Int? {
        var size = winsize()
        guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// Writes all of it; a reader that has gone away (`braid history | head`) ends the process as it does others.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var offset = 0
        while offset < bytes.count {
            let written = unsafe bytes[offset...].withUnsafeBytes { rest in
                unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
            }
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { return }
            offset += written
        }
    }
}
