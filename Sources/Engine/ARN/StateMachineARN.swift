/// The ARN of a state machine, of one of its versions or aliases, or of the part of it that a distributed Map runs.
///
/// `arn:aws:states:us-east-1:123456789012:stateMachine:Orders`, `…:Orders:7`, `…:Orders:live`, `…:Orders/Lines`.
/// Source: reference §18.
package struct StateMachineARN: Sendable, Hashable, CustomStringConvertible {
    package var scope: ServiceScope
    package var name: String
    /// The label of a distributed Map state.
    package var label: String?
    /// The number of a version, or the name of an alias.
    package var qualifier: String?

    package init(scope: ServiceScope, name: String, label: String? = nil, qualifier: String? = nil) {
        self.scope = scope
        self.name = name
        self.label = label
        self.qualifier = qualifier
    }

    package init(parsing text: String) throws(ARNError) {
        let (scope, _, parts) = try ServiceScope.parse(text, as: ["stateMachine"])
        guard parts.count <= 2, let machine = LabelledName(parts[0]) else { throw .invalidPrefix(text) }
        self.init(scope: scope, name: machine.name, label: machine.label, qualifier: parts.count > 1 ? parts[1] : nil)
    }

    package var description: String {
        let label = label.map { "/\($0)" } ?? ""
        let qualifier = qualifier.map { ":\($0)" } ?? ""
        return "\(scope.prefix)stateMachine:\(name)\(label)\(qualifier)"
    }
}
