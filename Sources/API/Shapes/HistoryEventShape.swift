import Interpreter
import JSON
import Store

extension RecordedEvent {
    /// The event as `GetExecutionHistory` shows it (reference §17).
    ///
    /// Inputs, outputs and what was assigned are shown only with data, a task's parameters always.
    func shape(withData: Bool) -> JSONObject {
        var shape: JSONObject = [
            "timestamp": .instant(at),
            "type": .string(type.rawValue),
            "id": .number(JSONNumber(id)),
            "previousEventId": .number(JSONNumber(previousID)),
        ]
        if let member = type.detailsMember { shape[member] = .object(details(withData: withData)) }
        return shape
    }

    private func details(withData: Bool) -> JSONObject {
        var shape = JSONObject()
        for (name, value) in details {
            let isData = name == "input" || name == "output" || name == "assignedVariables"
            guard withData || !isData else { continue }
            switch value {
            case .text(let text): shape[name] = .string(text)
            case .number(let number): shape[name] = .number(JSONNumber(number))
            case .payload(let payload): shape[name] = .string(payload.text)
            case .json(let json): shape[name] = json
            }
            // Braid never cuts a payload; nor has any recorded event one that was cut.
            if isData { shape["\(name)Details"] = ["truncated": false] }
        }
        return shape
    }
}
