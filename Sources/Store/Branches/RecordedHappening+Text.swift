import Interpreter
import JSON

extension RecordedHappening {
    /// As `branches.happening` holds it: a JSON object with a `kind`.
    var text: String {
        var object = JSONObject()
        switch self {
        case .childFailed(let failure, let exceeded):
            object["kind"] = "childFailed"
            object["error"] = failure.error.map { .string($0.withoutNUL) }
            object["cause"] = failure.cause.map { .string($0.withoutNUL) }
            object["toleranceExceeded"] = .bool(exceeded)
        case .succeeded(let output):
            object["kind"] = "succeeded"
            object["output"] = .string(output.text)
        case .failed(let failure):
            object["kind"] = "failed"
            object["error"] = failure.error.map { .string($0.withoutNUL) }
            object["cause"] = failure.cause.map { .string($0.withoutNUL) }
        case .broken(let cause):
            object["kind"] = "broken"
            object["cause"] = .string(cause.withoutNUL)
        case .workerLost:
            object["kind"] = "workerLost"
        }
        return JSONValue.object(object).text
    }

    init?(text: String) {
        guard let value = try? JSONValue(parsing: text) else { return nil }
        switch value["kind"]?.string {
        case "childFailed":
            self = .childFailed(
                Failure(error: value["error"]?.string, cause: value["cause"]?.string),
                toleranceExceeded: value["toleranceExceeded"]?.bool ?? false
            )
        case "succeeded": self = .succeeded(JSONText(trusted: value["output"]?.string ?? "null"))
        case "failed": self = .failed(Failure(error: value["error"]?.string, cause: value["cause"]?.string))
        case "broken": self = .broken(cause: value["cause"]?.string ?? "")
        case "workerLost": self = .workerLost
        default: return nil
        }
    }
}
