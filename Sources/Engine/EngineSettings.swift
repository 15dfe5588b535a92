package import Interpreter
package import Objects
import StatesLanguage
import Store
import Tracing

/// What an engine's process is set to.
package struct EngineSettings: Sendable {
    package var arns = ARNs()
    package var limits = Limits()
    /// How many branches a worker holds at most.
    package var capacity = 4_000
    /// How long a worker that has nothing to do and hears nothing sleeps at most.
    package var pollInterval: Duration = .seconds(1)
    package var heartbeatInterval: Duration = .seconds(1)
    /// A worker whose heartbeat is older is declared dead; sooner if its session is missing (DESIGN §5).
    package var lapse: Duration = .seconds(5)
    package var lapseWithoutSession: Duration = .milliseconds(1_500)
    /// After so long without an answered heartbeat a worker drops its work, before its leases can be taken.
    package var selfLapse: Duration = .milliseconds(4_500)
    /// How often a worker asks what the database says that it holds, and hands back what it knows nothing of, although no
    /// answer was lost: that reads all leases.
    package var holdingInterval: Duration = .seconds(60)
    /// How many transitions, and how long, a kept branch goes on while others may be waiting for its worker.
    package var keptTransitions = 100
    package var keptTime: Duration = .seconds(1)
    /// How long Tasks wait for a worker that serves their Resource after the last one that did has ended; at most a day.
    package var unservedGrace: Duration = .seconds(30)
    /// How many submissions, and bytes of payloads, one commit takes.
    package var batchSize = 50
    package var batchBytes = 262_144
    /// How long an Express execution may take (quota); `nil` is for ever.
    package var expressTimeLimit: Duration? = .seconds(300)
    /// Where Distributed Maps read items and write results; `nil` where there is no such place.
    package var objects: (any ObjectStore)?
    /// Whether executions are told of in spans.
    package var isTraced = false
    /// How long an ended execution stays; `nil` is for ever.
    package var retention: Duration?

    package init() {}
}

extension EngineSettings {
    /// What the interpreter is told of an execution.
    func info(of execution: LeasedExecution) -> ExecutionInfo {
        var info = ExecutionInfo(
            id: arns.execution(execution.name, of: execution.machineName).description,
            name: execution.name,
            input: execution.input,
            roleARN: execution.roleARN,
            startTime: execution.startedAt,
            redriveCount: execution.redriveCount,
            redriveTime: execution.redrivenAt,
            stateMachineID: arns.stateMachine(execution.machineName).description,
            stateMachineName: execution.machineName
        )
        info.doubles = execution.doubles
        return info
    }

    /// What is passed on by the span that begins with an event of an execution.
    ///
    /// Where executions are not told of in spans, it is what the execution was given, if that was anything.
    func context(of execution: LeasedExecution, from event: Int?) -> TraceContext? {
        guard isTraced || execution.traceHeader != nil else { return nil }
        let ids = SpanIDs(of: execution.id, traceHeader: execution.traceHeader)
        guard isTraced, let event else { return ids.given }
        return ids.context(from: event, redrives: execution.redriveCount)
    }
}
