import Engine
import JSON
import Store

extension ActivityRecord {
    /// The members that a list and a description of activities share.
    func shape(by arns: ARNs) -> JSONObject {
        [
            "activityArn": .string("\(arns.activity(name))"), "name": .string(name),
            "creationDate": .instant(createdAt),
        ]
    }
}
