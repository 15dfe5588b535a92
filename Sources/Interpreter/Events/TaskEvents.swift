package import JSON
package import StatesLanguage

/// The events of a Task's attempts, which differ by what its Resource is.
///
/// A function's ARN gives LambdaFunction events, an activity's Activity events, and a service integration, `lambda:invoke`
/// among them, Task events that say `resourceType` and `resource`. Source: reference §16 and §17.
package struct TaskEvents: Sendable {
    package let resource: Resource

    package init(of resource: Resource) {
        self.resource = resource
    }

    /// What an attempt is scheduled with.
    package struct Schedule: Sendable {
        package var input: JSONText
        package var region: String
        package var timeoutSeconds: Int?
        package var heartbeatSeconds: Int?
        package var credentials: JSONValue?
    }

    /// …Scheduled.
    package func scheduled(_ schedule: Schedule, after previous: HistoryEvent.Previous) -> HistoryEvent {
        var details: [(name: String, value: HistoryEvent.Field)]
        let type: HistoryEventType
        switch resource.eventKind {
        case .lambdaFunction:
            type = .lambdaFunctionScheduled
            details = [("resource", .text(resource.text)), ("input", .payload(schedule.input))]
        case .activity:
            type = .activityScheduled
            details = [("resource", .text(resource.text)), ("input", .payload(schedule.input))]
        case .task:
            type = .taskScheduled
            details = names + [("region", .text(schedule.region)), ("parameters", .payload(schedule.input))]
        }
        if let seconds = schedule.timeoutSeconds { details.append(("timeoutInSeconds", .number(seconds))) }
        if let seconds = schedule.heartbeatSeconds, type != .lambdaFunctionScheduled {
            details.append(("heartbeatInSeconds", .number(seconds)))
        }
        if let credentials = schedule.credentials, type != .activityScheduled {
            details.append(("taskCredentials", .json(credentials)))
        }
        return HistoryEvent(type, after: previous, details: details)
    }

    /// …Started; `nil` for an activity, whose start is when a worker takes it.
    package func started(after previous: HistoryEvent.Previous) -> HistoryEvent? {
        switch resource.eventKind {
        case .lambdaFunction: HistoryEvent(.lambdaFunctionStarted, after: previous)
        case .activity: nil
        case .task: HistoryEvent(.taskStarted, after: previous, details: names)
        }
    }

    /// ActivityStarted: an activity worker has taken the attempt.
    package static func activityStarted(
        workerName: String?,
        after previous: HistoryEvent.Previous
    ) -> HistoryEvent {
        HistoryEvent(.activityStarted, after: previous, details: workerName.map { [("workerName", .text($0))] } ?? [])
    }

    /// TaskSubmitted: the call was answered, and the attempt now waits for what ends it.
    package func submitted(output: JSONText, after previous: HistoryEvent.Previous) -> HistoryEvent {
        HistoryEvent(.taskSubmitted, after: previous, details: names + [("output", .payload(output))])
    }

    /// …Succeeded.
    package func succeeded(output: JSONText, after previous: HistoryEvent.Previous) -> HistoryEvent {
        let type: HistoryEventType =
            switch resource.eventKind {
            case .lambdaFunction: .lambdaFunctionSucceeded
            case .activity: .activitySucceeded
            case .task: .taskSucceeded
            }
        return HistoryEvent(type, after: previous, details: names + [("output", .payload(output))])
    }

    /// …Failed.
    package func failed(_ failure: Failure, after previous: HistoryEvent.Previous) -> HistoryEvent {
        let type: HistoryEventType =
            switch resource.eventKind {
            case .lambdaFunction: .lambdaFunctionFailed
            case .activity: .activityFailed
            case .task: .taskFailed
            }
        return HistoryEvent(type, after: previous, details: names + failure.details)
    }

    /// …TimedOut, of the deadline and of the heartbeat alike: both say `States.Timeout` and no cause.
    package func timedOut(after previous: HistoryEvent.Previous) -> HistoryEvent {
        let type: HistoryEventType =
            switch resource.eventKind {
            case .lambdaFunction: .lambdaFunctionTimedOut
            case .activity: .activityTimedOut
            case .task: .taskTimedOut
            }
        return HistoryEvent(type, after: previous, details: names + Failure.timedOut.details)
    }

    /// What a cause calls the task: the service's name, or the function's or activity's ARN.
    package var subject: String {
        if case .task(let resourceType, _) = resource.eventKind { resourceType } else { resource.text }
    }

    private var names: [(name: String, value: HistoryEvent.Field)] {
        guard case .task(let resourceType, let name) = resource.eventKind else { return [] }
        return [("resourceType", .text(resourceType)), ("resource", .text(name))]
    }
}
