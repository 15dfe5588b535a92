import Interpreter
import StatesLanguage
import Synchronization
package import Telemetry

extension TaskDriver {
    /// The same, with how long its attempts took and how they came out, by what they performed.
    package func measured(by metrics: Metrics) -> TaskDriver {
        let measures = TaskMeasures(metrics)
        var measured = self
        measured.perform = { attempt in
            let began = ContinuousClock.now
            let outcome = await perform(attempt)
            let resource = attempt.request.resource
            measures.count(resource.lane, name: TaskMeasures.name(of: resource), outcome, took: .now - began)
            return outcome
        }
        return measured
    }
}

/// What attempts of Tasks took.
final class TaskMeasures: Sendable {
    private struct Instruments {
        let time: Histogram
        let outcomes: [String: Counter]
    }

    /// How many resources have instruments of their own: a client must not be able to fill the memory with names.
    private static let most = 500
    private let metrics: Metrics
    private let known = Mutex<[String: Instruments]>([:])

    init(_ metrics: Metrics) { self.metrics = metrics }

    /// Counts an attempt of what a lane performs, under the name that it has there.
    func count(_ lane: String, name: String, _ outcome: TaskDriver.Outcome, took time: Duration) {
        let instruments = known.withLock { known in
            if let instruments = known[lane] { return instruments }
            let made = make(known.count < Self.most ? name : "others")
            if known.count < 2 * Self.most { known[lane] = made }
            return made
        }
        instruments.time.observe(time)
        let word =
            switch outcome {
            case .succeeded: "succeeded"
            case .failed: "failed"
            case .timedOut: "timed_out"
            }
        instruments.outcomes[word]?.increment()
    }

    private func make(_ name: String) -> Instruments {
        let labels = [("resource", name)]
        let outcomes = ["succeeded", "failed", "timed_out"].map { outcome in
            let help = "Attempts of Tasks that this process performed or was answered, by outcome"
            return (outcome, metrics.counter("braid_tasks_total", help: help, labels: labels + [("outcome", outcome)]))
        }
        return Instruments(
            time: metrics.histogram("braid_task_seconds", help: "How long attempts of Tasks took", labels: labels),
            outcomes: Dictionary(uniqueKeysWithValues: outcomes)
        )
    }

    /// A function's name, or the resource as it is written.
    static func name(of resource: Resource) -> String {
        if case .function(let function) = resource.kind { return function.name }
        return resource.lane
    }
}
