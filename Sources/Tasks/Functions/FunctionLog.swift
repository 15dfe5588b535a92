import Synchronization
import Telemetry

/// What a function's process writes, as lines of the log.
///
/// An exception, which begins with `[ERROR]` as in Lambda's own log, is a warning, and so is the trace below it. Each line says
/// which execution and state the process was invoked for last.
final class FunctionLog: Sendable {
    private let function: String
    private let log: Logger
    private let isInTrace = Mutex(false)
    /// What it was last invoked for, and may still be writing of.
    private let origin = Mutex<InvocationOrigin?>(nil)

    init(of function: String, to log: Logger) {
        self.function = function
        self.log = log
    }

    /// Says what it is invoked for from now on.
    func begin(_ origin: InvocationOrigin?) { self.origin.withLock { $0 = origin } }

    /// Takes the next line.
    func write(_ line: String) {
        guard line.contains(where: { !$0.isWhitespace }) else { return }
        let isWarning = isInTrace.withLock { isInTrace in
            let goesOn = line.first?.isWhitespace == true || line.hasPrefix("Traceback (") || line == "}"
            isInTrace = line.hasPrefix("[ERROR]") || isInTrace && goesOn
            return isInTrace
        }
        let text = "\(function): \(line)"
        let origin = origin.withLock { $0 }
        let about = origin.map { [("execution", $0.execution), ("state", $0.state)] } ?? []
        if isWarning { log.warning(text, about) } else { log.info(text, about) }
    }
}
