import JSON
import StatesLanguage

/// How Tasks spell requests and answers of this service: names in upper camel case, JSON where the service has text.
enum SDKShape {
    /// The request that a Task's parameters stand for.
    ///
    /// Where the service takes JSON as text, a Task may give it as it is. Source: recorded
    /// test_sfn_start_execution_implicit_json_serialisation.
    static func request(_ parameters: JSONObject) -> JSONObject {
        var request: JSONObject = [:]
        for (key, value) in parameters {
            let name = lower(key)
            switch value {
            case .object where texts.contains(name), .array where texts.contains(name):
                request[name] = .string(value.text)
            default: request[name] = lowered(value)
            }
        }
        return request
    }

    /// The result of a Task that calls through the SDK.
    static func result(_ answer: JSONObject) -> JSONObject {
        var result: JSONObject = [:]
        for key in answer.keys.sorted() { result[upper(key)] = answer[key].map { raised($0, named: key) } }
        return result
    }

    /// The result of `states:startExecution`, with what was said of the call itself.
    static func optimised(_ answer: JSONObject, requestID: String, at time: Timestamp) -> JSONObject {
        let plain = result(answer)
        let headers: [(String, String)] = [
            ("x-amzn-RequestId", requestID), ("connection", "keep-alive"),
            ("Content-Length", "\(JSONValue.object(answer).text.utf8.count)"), ("Date", httpDate(time)),
            ("Content-Type", "application/x-amz-json-1.0"),
        ]
        var all: JSONObject = [:]
        var single: JSONObject = [:]
        for (name, value) in headers { all[name] = [.string(value)] }
        for (name, value) in headers.sorted(by: { $0.0 < $1.0 }) { single[name] = .string(value) }
        var result: JSONObject = [:]
        result["ExecutionArn"] = plain["ExecutionArn"]
        result["SdkHttpMetadata"] = [
            "AllHttpHeaders": .object(all), "HttpHeaders": .object(single), "HttpStatusCode": 200,
        ]
        result["SdkResponseMetadata"] = ["RequestId": .string(requestID)]
        result["StartDate"] = plain["StartDate"]
        return result
    }

    static func upper(_ name: String) -> String { name.prefix(1).uppercased() + name.dropFirst() }

    private static func lower(_ name: String) -> String { name.prefix(1).lowercased() + name.dropFirst() }

    /// The members that hold JSON as text.
    private static let texts: Set = ["input", "output", "definition", "cause", "context", "variables"]

    /// The members whose own members are named by users.
    private static let maps: Set = ["variableReferences", "assignedVariables"]

    private static func lowered(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let object):
            var result: JSONObject = [:]
            for (key, value) in object { result[lower(key)] = lowered(value) }
            return .object(result)
        case .array(let values): return .array(values.map { lowered($0) })
        default: return value
        }
    }

    private static func raised(_ value: JSONValue, named name: String) -> JSONValue {
        switch value {
        case .object(let object) where !maps.contains(name):
            var result: JSONObject = [:]
            for (key, value) in object { result[upper(key)] = raised(value, named: key) }
            return .object(result)
        case .array(let values): return .array(values.map { raised($0, named: name) })
        case .number(let number) where name.hasSuffix("Date") || name == "timestamp":
            return .string(Timestamp(microseconds: Int64((number.double * 1_000).rounded()) * 1_000).rfc3339)
        default: return value
        }
    }

    /// A time as HTTP's headers have it.
    private static func httpDate(_ time: Timestamp) -> String {
        let text = time.rfc3339
        let parts = text.prefix(10).split(separator: "-")
        let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard parts.count == 3, let month = Int(parts[1]), (1...12).contains(month), time.microseconds >= 0 else {
            return text
        }
        let day = days[Int(time.microseconds / 86_400_000_000 % 7)]
        return "\(day), \(parts[2]) \(months[month - 1]) \(parts[0]) \(text.dropFirst(11).prefix(8)) GMT"
    }
}
