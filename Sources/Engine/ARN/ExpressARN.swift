/// The ARN of an Express execution, such as `arn:aws:states:us-east-1:123456789012:express:Orders:first:0190…`: names are
/// not unique, the id behind them is.
///
/// Only that of a map run's child names something afterwards: it has the label of the Map state behind the machine's name,
/// `Orders/Lines`, and its id is the run's. Source: reference §18.
package struct ExpressARN: Sendable, Hashable, CustomStringConvertible {
    package var scope: ServiceScope
    package var stateMachine: String
    /// The label of a distributed Map state.
    package var label: String?
    package var name: String
    package var id: String

    package init(scope: ServiceScope, stateMachine: String, label: String? = nil, name: String, id: String) {
        self.scope = scope
        self.stateMachine = stateMachine
        self.label = label
        self.name = name
        self.id = id
    }

    package init(parsing text: String) throws(ARNError) {
        let (scope, _, parts) = try ServiceScope.parse(text, as: ["express"])
        guard parts.count == 3, let machine = LabelledName(parts[0]) else { throw .invalidPrefix(text) }
        self.init(scope: scope, stateMachine: machine.name, label: machine.label, name: parts[1], id: parts[2])
    }

    package var description: String {
        "\(scope.prefix)express:\(stateMachine)\(label.map { "/\($0)" } ?? ""):\(name):\(id)"
    }
}
