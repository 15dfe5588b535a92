import Engine
package import JSON
package import Lifecycle
import Synchronization

/// Invokes functions, wherever they are: registered in this process, in the functions file, behind `LAMBDA_ENDPOINT`; the
/// first that has one of the name.
package final class FunctionInvoker: Sendable {
    private enum Place {
        case registered(RegisteredFunction)
        case file(FunctionDefinition)
        case endpoint
    }

    /// What a name or ARN leads to: read once, for a worker asks several times at each transition.
    private final class Known: Sendable {
        let reference: FunctionReference
        let arn: String
        let place: Place?
        /// Whether a Task's Resource may be that.
        let isResource: Bool

        init(_ text: String, _ place: (FunctionReference) -> Place?, in settings: FunctionSettings) {
            reference = FunctionReference(text)
            arn = reference.arn(in: settings)
            self.place = place(reference)
            isResource = !reference.isARN || text.contains(":lambda:") && text.contains(":function:")
        }
    }

    /// So many are remembered.
    private static let mostKnown = 1_000
    private let known = Mutex<[String: Known]>([:])

    private let settings: FunctionSettings
    private let registered: [String: RegisteredFunction]
    private let supervisor: FunctionSupervisor?
    private let endpoint: LambdaEndpoint?
    /// The places of registered functions that have so many only.
    private let registeredPlaces: [String: FunctionPlaces]
    private let timers: Timers

    /// An invoker.
    ///
    /// - Parameters:
    ///   - settings: The account and region of ARNs.
    ///   - registered: The functions of this process; of two with one name, the later counts.
    ///   - supervisor: Those of the functions file; somebody else runs it.
    ///   - endpoint: Where all others may be.
    ///   - timers: What says when a deadline has passed.
    package init(
        settings: FunctionSettings = FunctionSettings(),
        registered: [RegisteredFunction] = [],
        supervisor: FunctionSupervisor? = nil,
        endpoint: LambdaEndpoint? = nil,
        timers: Timers = .shared
    ) {
        self.settings = settings
        self.registered = Dictionary(registered.map { ($0.reference.name, $0) }) { $1 }
        registeredPlaces = self.registered.compactMapValues { $0.concurrency.map { FunctionPlaces($0) } }
        self.supervisor = supervisor
        self.endpoint = endpoint
        self.timers = timers
    }

    /// Invokes a function and returns what came of it.
    ///
    /// When the task is cancelled, or the deadline passes, what performs the invocation is ended at once: a process by
    /// SIGKILL, so that nothing goes on that nobody waits for.
    ///
    /// - Parameters:
    ///   - function: A name, an ARN or part of one.
    ///   - payload: The event.
    ///   - requestID: What handlers see as the request's id.
    ///   - deadline: How long the caller waits; when that passes the outcome is the failure `States.Timeout`.
    ///   - origin: What it is invoked for.
    /// - Returns: What came of it; ``InvocationOutcome/unserved`` when no place has such a function.
    package func invoke(
        _ function: String,
        payload: JSONText,
        requestID: String,
        deadline: Duration? = nil,
        for origin: InvocationOrigin? = nil
    ) async -> InvocationOutcome {
        let known = lookUp(function)
        guard let place = known.place else { return .unserved }
        let reference = known.reference
        let invocation = Invocation(
            requestID: requestID,
            arn: known.arn,
            payload: payload,
            origin: origin,
            deadline: deadline.map { .now + $0 }
        )
        guard let deadline else { return await perform(reference, invocation, at: place) }
        let race = Race<InvocationOutcome>()
        let attempt = Task { [self] in race.end(with: await perform(reference, invocation, at: place)) }
        let timer = timers.set(after: deadline) { race.end(with: .failure(error: "States.Timeout", cause: "")) }
        let outcome = await withTaskCancellationHandler {
            await race.outcome()
        } onCancel: {
            attempt.cancel()
        }
        timers.cancel(timer)
        attempt.cancel()
        await attempt.value
        return outcome
    }

    /// Whether a function of that name or ARN can be invoked from here; behind an endpoint any may be.
    package func serves(_ function: String) -> Bool { lookUp(function).place != nil }

    /// Whether a Task whose Resource is that is performed here: an ARN must be a function's.
    func performs(_ resource: String) -> Bool {
        let known = lookUp(resource)
        return known.isResource && known.place != nil
    }

    /// Whether functions of any name may be served: there is an endpoint.
    package var servesAny: Bool { endpoint != nil }

    /// The names of the functions that are known to be served.
    package var names: [String] { Array(Set(registered.keys).union(supervisor?.names ?? [])).sorted() }

    /// How many more invocations of a function would begin at once; `nil` is any number.
    package func freePlaces(for function: String) -> Int? {
        let known = lookUp(function)
        return switch known.place {
        case .registered: registeredPlaces[known.reference.name]?.free
        case .file(let function): supervisor?.freePlaces(for: function)
        case .endpoint: nil
        case nil: 0
        }
    }

    /// How many invocations of a function go on at once at most; `nil` is any number.
    package func places(for function: String) -> Int? {
        switch lookUp(function).place {
        case .registered(let function): function.concurrency
        case .file(let function): function.concurrency
        case .endpoint, nil: nil
        }
    }

    /// The function that a name or ARN leads to, told apart from all others: what its places are places of.
    package func pool(of function: String) -> String {
        let known = lookUp(function)
        return switch known.place {
        case .registered: known.reference.name
        case .file(let function): function.reference.text
        case .endpoint, nil: function
        }
    }

    /// What becomes of an attempt at a function whose worker is lost while it runs.
    package func onWorkerLoss(for function: String) -> FunctionDefinition.OnWorkerLoss {
        switch lookUp(function).place {
        case .registered(let function): function.onWorkerLoss
        case .file(let function): function.onWorkerLoss
        case .endpoint, nil: .retry
        }
    }

    private func lookUp(_ function: String) -> Known {
        if let known = known.withLock({ $0[function] }) { return known }
        let new = Known(function, place, in: settings)
        // What a payload calls a function may be as long as a payload.
        if function.utf8.count <= 256 { known.withLock { if $0.count < Self.mostKnown { $0[function] = new } } }
        return new
    }

    private func place(_ reference: FunctionReference) -> Place? {
        if let function = registered[reference.name] { return .registered(function) }
        if let function = supervisor?.function(reference) { return .file(function) }
        return endpoint == nil ? nil : .endpoint
    }

    private func perform(
        _ reference: FunctionReference,
        _ invocation: Invocation,
        at place: Place
    ) async -> InvocationOutcome {
        switch place {
        case .registered(let function):
            guard let places = registeredPlaces[reference.name] else { return await function.invoke(invocation) }
            return await places.use { await function.invoke(invocation) } ?? .cancelled
        case .file(let function): return await supervisor?.invoke(function, invocation) ?? .unserved
        case .endpoint: return await endpoint?.invoke(reference, invocation) ?? .unserved
        }
    }
}
