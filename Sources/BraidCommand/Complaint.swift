import JSON

/// What a command says when it cannot do what was asked: in a sentence, or as one JSON object (`--json`).
struct Complaint {
    let status: ExitStatus
    let text: String
    private let members: JSONObject

    init(of error: any Error) {
        switch error {
        case let error as UsageError:
            status = .usage
            members = ["code": "USAGE", "message": .string(error.message)]
        case let error as CommandFailure:
            status = error.status
            var members: JSONObject = ["code": .string(Self.code(of: error.status)), "message": .string(error.message)]
            if let hint = error.hint { members["hint"] = .string(hint) }
            for (name, value) in error.details { members[name] = value }
            self.members = members
        case let error as ServiceRefusal:
            status = .failure
            members = ["code": .string(error.error), "message": .string(error.message)]
        default:
            status = .failure
            members = ["code": "FAILED", "message": .string("\(error)")]
        }
        text = "\(error)"
    }

    /// `{"error": {"code": ..., "message": ...}}`; what the service refuses has AWS's name as its code.
    var json: JSONValue { ["error": .object(members)] }

    private static func code(of status: ExitStatus) -> String {
        switch status {
        case .success, .failure: "FAILED"
        case .usage: "USAGE"
        case .unavailable: "UNAVAILABLE"
        case .interrupted: "INTERRUPTED"
        }
    }
}
