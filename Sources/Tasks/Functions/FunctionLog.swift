import Synchronization
import Telemetry

/// What a function's process writes, as lines of the log.
///
/// An exception, which begins with `[ERROR]` as in Lambda's own log, is a warning, and so is the trace below it.
final class FunctionLog: Sendable {
    private let function: String
    private let log: Logger
    private let isInTrace = Mutex(false)

    init(of function: String, to log: Logger) {
        self.function = function
        self.log = log
    }

    /// Takes the next line.
    func write(_ line: String) {
        guard line.contains(where: { !$0.isWhitespace }) else { return }
        let isWarning = isInTrace.withLock { isInTrace in
            let goesOn = line.first?.isWhitespace == true || line.hasPrefix("Traceback (") || line == "}"
            isInTrace = line.hasPrefix("[ERROR]") || isInTrace && goesOn
            return isInTrace
        }
        let text = "\(function): \(line)"
        if isWarning { log.warning(text) } else { log.info(text) }
    }
}
