/// The ARN of an execution, such as `arn:aws:states:us-east-1:123456789012:execution:Orders:2024-05-01`.
///
/// The label of a distributed Map state stands behind the machine's name where the execution is a child of one: `Orders/Lines`.
/// Source: reference §18.
package struct ExecutionARN: Sendable, Hashable, CustomStringConvertible {
    package var scope: ServiceScope
    package var stateMachine: String
    /// The label of a distributed Map state.
    package var label: String?
    package var name: String

    package init(scope: ServiceScope, stateMachine: String, label: String? = nil, name: String) {
        self.scope = scope
        self.stateMachine = stateMachine
        self.label = label
        self.name = name
    }

    package init(parsing text: String) throws(ARNError) {
        let (scope, _, parts) = try ServiceScope.parse(text, as: ["execution"])
        guard parts.count == 2, let machine = LabelledName(parts[0]) else { throw .invalidPrefix(text) }
        self.init(scope: scope, stateMachine: machine.name, label: machine.label, name: parts[1])
    }

    /// The ARN of the machine that it is an execution of.
    package var stateMachineARN: StateMachineARN { StateMachineARN(scope: scope, name: stateMachine, label: label) }

    package var description: String {
        "\(scope.prefix)execution:\(stateMachine)\(label.map { "/\($0)" } ?? ""):\(name)"
    }
}
