/// The ARN of a map run, such as `arn:aws:states:us-east-1:123456789012:mapRun:Orders/Lines:0190…` (reference §18).
package struct MapRunARN: Sendable, Hashable, CustomStringConvertible {
    package var scope: ServiceScope
    package var stateMachine: String
    /// The label of the distributed Map state.
    package var label: String
    package var id: String

    package init(scope: ServiceScope, stateMachine: String, label: String, id: String) {
        self.scope = scope
        self.stateMachine = stateMachine
        self.label = label
        self.id = id
    }

    package init(parsing text: String) throws(ARNError) {
        let (scope, _, parts) = try ServiceScope.parse(text, as: ["mapRun"])
        guard parts.count == 2, let machine = LabelledName(parts[0]), let label = machine.label else {
            throw .invalidPrefix(text)
        }
        self.init(scope: scope, stateMachine: machine.name, label: label, id: parts[1])
    }

    package var description: String { "\(scope.prefix)mapRun:\(stateMachine)/\(label):\(id)" }
}
