import Glibc
import Synchronization

/// The last line of a terminal, which says how far long work is and is gone when the work is done.
///
/// What else is written meanwhile stands above it. It is on standard error, so an answer that goes to a file or another
/// program has none of it.
final class ProgressLine: Sendable {
    private struct State {
        var text: String?
        var drawnAt: ContinuousClock.Instant?
    }

    private let state = Mutex(State())
    private let now: @Sendable () -> ContinuousClock.Instant
    private let width: @Sendable () -> Int
    private let write: @Sendable (String) -> Void

    /// How long a line stands before another one takes its place: who reads sees no more.
    static let pause = Duration.milliseconds(100)

    init(
        width: @escaping @Sendable () -> Int,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        write: @escaping @Sendable (String) -> Void
    ) {
        self.width = width
        self.now = now
        self.write = write
    }

    /// The terminal's that standard error goes to; `nil` where it goes elsewhere, or the terminal can clear no line.
    static func ofProcess(
        environment: [String: String],
        write: @escaping @Sendable (String) -> Void
    ) -> ProgressLine? {
        guard isatty(STDERR_FILENO) == 1, environment["TERM"] != "dumb" else { return nil }
        return ProgressLine(
            width: {
                var size = winsize()
                guard unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
                return Int(size.ws_col)
            },
            write: write
        )
    }

    /// Shows a bar, unless another was shown just now.
    func show(_ bar: ProgressBar) { show(bar.text(width: width())) }

    /// Shows a text of one line, unless another was shown just now.
    func show(_ text: String) {
        state.withLock { state in
            let now = now()
            if let drawnAt = state.drawnAt, now - drawnAt < Self.pause { return }
            state = State(text: text, drawnAt: now)
            write("\r\u{1B}[K\(text)")
        }
    }

    /// Takes the line away.
    func clear() {
        state.withLock { state in
            guard state.text != nil else { return }
            state = State()
            write("\r\u{1B}[K")
        }
    }

    /// Writes something else above the line.
    func aside(_ body: () -> Void) {
        state.withLock { state in
            guard let text = state.text else { return body() }
            write("\r\u{1B}[K")
            body()
            write(text)
        }
    }
}
