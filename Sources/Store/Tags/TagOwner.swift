import JSON

/// A resource that can have tags.
///
/// They are a column of its own row, values by key, and end with it.
package enum TagOwner: Sendable, Equatable {
    case stateMachine(named: String)
    case activity(named: String)

    var table: String {
        switch self {
        case .stateMachine: "braid.state_machines"
        case .activity: "braid.activities"
        }
    }

    /// Which row it is, its name being `$1`.
    var condition: String {
        switch self {
        case .stateMachine: "owners.name = $1 AND owners.status <> 'DELETED'"
        case .activity: "owners.name = $1"
        }
    }

    var name: String {
        switch self {
        case .stateMachine(let name), .activity(let name): name
        }
    }

    /// Tags as they are stored.
    static func json(of tags: [String: String]) -> String {
        var object = JSONObject()
        for (key, value) in tags { object[key] = .string(value) }
        return JSONValue.object(object).text
    }
}
