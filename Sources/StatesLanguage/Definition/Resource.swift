/// What a Task has done: the ARN in its `Resource`, taken apart.
///
/// Account and region are whatever was written; Braid accepts foreign ones.
package struct Resource: Sendable, Hashable {
    /// What kind of work the ARN names.
    package enum Kind: Sendable, Hashable {
        /// `arn:P:lambda:R:A:function:NAME[:QUALIFIER]`.
        case function(LambdaFunction)
        /// `arn:P:states:R:A:activity:NAME`.
        case activity(name: String)
        /// `arn:P:states:::SERVICE:ACTION[.PATTERN]`, also with `aws-sdk:` before the service.
        case service(ServiceIntegration)
    }

    /// Which events an attempt writes, and what they call it.
    ///
    /// Source: reference §16, §17.
    package enum EventKind: Sendable, Hashable {
        case lambdaFunction
        case activity
        case task(resourceType: String, resource: String)
    }

    /// As written.
    package let text: String
    package let kind: Kind
    /// What a worker must serve to perform it: the text, or where it is `lambda:invoke` with a literal `FunctionName`,
    /// that name or ARN as written; for all that Step Functions itself does, ``stepFunctionsLane``.
    package let lane: String

    /// Takes an ARN apart; `nil` if it is none that a Task can have.
    ///
    /// - Parameters:
    ///   - text: The value of `Resource`.
    ///   - functionName: The literal `FunctionName` of the Task's `Parameters`, where there is one.
    package init?(parsing text: String, functionName: String? = nil) {
        guard let kind = Kind(parsing: text), !text.utf8.contains(0) else { return nil }
        self.text = text
        self.kind = kind
        if case .service(let service) = kind, service.isLambdaInvoke, let functionName, !functionName.utf8.contains(0) {
            lane = functionName
        } else if case .service(let service) = kind, service.isStepFunctions {
            lane = Self.stepFunctionsLane
        } else {
            lane = text
        }
    }

    /// The lane of Tasks that start executions, or call Step Functions by `aws-sdk:sfn`.
    package static let stepFunctionsLane = "arn:aws:states:::states"

    /// Whether something in Braid performs it, given a worker: functions, activities, Step Functions itself, and objects of S3.
    ///
    /// Other services' integrations are valid and their Tasks fail; a driver that comes adds its service here.
    package var hasDriver: Bool {
        switch kind {
        case .function, .activity: true
        case .service(let service): service.isLambdaInvoke || service.isStepFunctions || service.isObjectStore
        }
    }

    package var eventKind: EventKind {
        switch kind {
        case .function: .lambdaFunction
        case .activity: .activity
        case .service(let service): .task(resourceType: service.resourceType, resource: service.resource)
        }
    }

    /// How the state learns of the work's end; `requestResponse` for functions, `nil` for activities, which poll.
    package var pattern: ServiceIntegration.Pattern? {
        switch kind {
        case .function: .requestResponse
        case .activity: nil
        case .service(let service): service.pattern
        }
    }
}

/// A Lambda function as its ARN names it.
package struct LambdaFunction: Sendable, Hashable {
    package let name: String
    /// A version or alias, if the ARN ends in one.
    package let qualifier: String?

    package init(name: String, qualifier: String? = nil) {
        self.name = name
        self.qualifier = qualifier
    }
}

extension Resource.Kind {
    fileprivate init?(parsing text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 6, parts[0] == "arn", !parts[1].isEmpty else { return nil }
        switch (parts[2], parts[5]) {
        case ("lambda", "function"):
            guard parts.count == 7 || parts.count == 8, parts.dropFirst(6).allSatisfy({ !$0.isEmpty }) else {
                return nil
            }
            self = .function(LambdaFunction(name: parts[6], qualifier: parts.count == 8 ? parts[7] : nil))
        case ("states", "activity"):
            guard parts.count == 7, !parts[6].isEmpty else { return nil }
            self = .activity(name: parts[6])
        case ("states", _):
            // Region and account are empty in AWS's documents; it accepts filled ones too.
            guard let service = ServiceIntegration(parsing: Array(parts.dropFirst(5))) else { return nil }
            self = .service(service)
        default:
            return nil
        }
    }
}
