import Synchronization

@testable import BraidCommand

/// What a command wrote.
final class Transcript: Sendable {
    private let texts = Mutex((answer: "", notes: ""))

    var answer: String { texts.withLock { $0.answer } }
    var notes: String { texts.withLock { $0.notes } }

    /// An output that is kept here, as if it did not go to a terminal.
    var output: Output {
        Output(
            isColoured: false,
            width: nil,
            standardOutput: { text in self.texts.withLock { $0.answer += text } },
            standardError: { text in self.texts.withLock { $0.notes += text } }
        )
    }

    /// Runs a command line.
    func run(_ words: String..., environment: [String: String] = [:]) async -> ExitStatus {
        await Program.run(words, environment: environment, output: output)
    }
}
