import Engine
import JSON
import Store

extension AliasRecord {
    /// The members that a list and a description of aliases share.
    func shape(of machine: String, by arns: ARNs) -> JSONObject {
        [
            "stateMachineAliasArn": .string("\(arns.stateMachine(machine, qualifier: name))"),
            "creationDate": .instant(createdAt),
        ]
    }

    /// All that `DescribeStateMachineAlias` shows.
    func described(of machine: String, by arns: ARNs) -> JSONObject {
        var shape = shape(of: machine, by: arns)
        shape["name"] = .string(name)
        if let description = content.description { shape["description"] = .string(description) }
        shape["routingConfiguration"] = .array(
            content.routes.map { route in
                [
                    "stateMachineVersionArn": .string("\(arns.version(route.version, of: machine))"),
                    "weight": .number(JSONNumber(route.weight)),
                ]
            }
        )
        shape["updateDate"] = .instant(updatedAt)
        return shape
    }
}
