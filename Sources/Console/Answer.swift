import HTTPServer
import JSON
import StatesLanguage
import Store

/// Why a page's request is not answered as asked.
struct Refusal: Error {
    let status: Int
    let message: String

    static func missing(_ what: String) -> Refusal { Refusal(status: 404, message: "there is no \(what)") }
}

extension HTTPResponse {
    /// An answer to a page's script.
    static func json(_ value: JSONValue, status: Int = 200) -> HTTPResponse {
        HTTPResponse(status: status, headers: Headers.uncached("application/json"), body: Array(value.text.utf8))
    }
}

extension JSONValue {
    static func number(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }

    /// Milliseconds since 1970, which is what a browser's `Date` takes.
    static func time(_ timestamp: Timestamp?) -> JSONValue {
        timestamp.map { .number(Int($0.microseconds / 1_000)) } ?? .null
    }

    static func optional(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
}

extension ExecutionSummary {
    /// As the lists show it.
    var json: JSONValue {
        [
            "id": .string(id.description), "name": .string(name), "machine": .string(stateMachineName),
            "status": .string(status.rawValue), "started": .time(startedAt), "stopped": .time(stoppedAt),
            "redrives": .number(redriveCount),
        ]
    }
}
