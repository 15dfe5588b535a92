import JSON

/// How a command ended, for scripts.
///
/// The numbers are documented API (README.md).
enum ExitStatus: Int32, Sendable {
    /// What was asked is done, and the answer is a good one.
    case success = 0
    /// What was asked is answered, and the answer is a bad one: an execution failed, a definition is not valid, the
    /// service refused the request.
    case failure = 1
    /// The command line, a file it names or the input is wrong.
    case usage = 2
    /// Something that is needed is not to be had: the service, the database, a port.
    case unavailable = 3
    /// Ended by Ctrl-C before there was an answer.
    case interrupted = 130
}

/// Why a command could not do what was asked, for the person who asked.
struct CommandFailure: Error, Equatable, CustomStringConvertible {
    /// More of it for programs (`--json`).
    var details: JSONObject = [:]
    let status: ExitStatus
    /// What is wrong, in a sentence.
    let message: String
    /// What to do about it.
    let hint: String?

    init(_ status: ExitStatus, _ message: String, hint: String? = nil) {
        self.status = status
        self.message = message
        self.hint = hint
    }

    var description: String { hint.map { "\(message)\n  \($0)" } ?? message }

    /// Several as one; the first tells the status.
    static func joining(_ failures: [CommandFailure]) -> CommandFailure? {
        guard let first = failures.first else { return nil }
        guard failures.count > 1 else { return first }
        return CommandFailure(first.status, failures.map(\.description).joined(separator: "\n"))
    }
}
