/// Gives this service's resources their ARNs.
///
/// Region and account are settings and mean nothing to Braid: they are what clients expect to see. An ARN of another
/// region or account names nothing here.
package struct ARNs: Sendable, Hashable {
    /// Where this service's resources live.
    package var scope: ServiceScope

    package init(region: String = "us-east-1", account: String = "123456789012") {
        scope = ServiceScope(region: region, account: account)
    }

    package var region: String { scope.region }
    package var account: String { scope.account }

    /// The ARN of a state machine, or of a version (its number) or an alias of it.
    package func stateMachine(_ name: String, qualifier: String? = nil) -> StateMachineARN {
        StateMachineARN(scope: scope, name: name, qualifier: qualifier)
    }

    package func version(_ number: Int, of stateMachine: String) -> StateMachineARN {
        self.stateMachine(stateMachine, qualifier: "\(number)")
    }

    package func execution(_ name: String, of stateMachine: String) -> ExecutionARN {
        ExecutionARN(scope: scope, stateMachine: stateMachine, name: name)
    }

    /// The ARN of a run of a Distributed Map in a state machine, which may be a child's and have a label itself.
    package func mapRun(_ id: String, label: String, of stateMachine: String) -> MapRunARN {
        let machine = String(stateMachine.prefix { $0 != "/" })
        return MapRunARN(scope: scope, stateMachine: machine, label: label, id: id)
    }

    package func activity(_ name: String) -> ActivityARN { ActivityARN(scope: scope, name: name) }

    /// Whether resources of that region and account are this service's.
    package func own(_ scope: ServiceScope) -> Bool { scope == self.scope }
}
