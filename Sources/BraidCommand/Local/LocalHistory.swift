import Interpreter
import JSON
import StatesLanguage

extension LocalExecution.Entry {
    /// The event as GetExecutionHistory gives it.
    var json: JSONValue {
        var result: JSONObject = [
            "timestamp": .number(JSONNumber(Double(time.microseconds / 1000) / 1000)),
            "type": .string(event.type.rawValue),
            "id": .number(JSONNumber(id)),
            "previousEventId": .number(JSONNumber(previousEventID)),
        ]
        guard let member = event.type.detailsMember, !event.details.isEmpty else { return .object(result) }
        var details: JSONObject = [:]
        for (name, value) in event.details {
            switch value {
            case .text(let text): details[name] = .string(text)
            case .number(let number): details[name] = .number(JSONNumber(number))
            case .payload(let payload): details[name] = .string(payload.text)
            case .json(let value): details[name] = value
            }
        }
        result[member] = .object(details)
        return .object(result)
    }
}
