/// The ARN of an Express execution, such as `arn:aws:states:us-east-1:123456789012:express:Orders:first:0190…`: names are
/// not unique, the id behind them is.
///
/// It is only told: nothing takes one. Source: reference §18.
package struct ExpressARN: Sendable, Hashable, CustomStringConvertible {
    package var scope: ServiceScope
    package var stateMachine: String
    package var name: String
    package var id: String

    package init(scope: ServiceScope, stateMachine: String, name: String, id: String) {
        self.scope = scope
        self.stateMachine = stateMachine
        self.name = name
        self.id = id
    }

    package var description: String { "\(scope.prefix)express:\(stateMachine):\(name):\(id)" }
}
