import Engine
import Interpreter
import JSON

/// What the functions answer: the same for the same state, input and retry, whoever performs it and however often.
struct TaskAnswers {
    enum Answer {
        case succeeds(JSONText)
        case fails(Failure)
        /// It never ends, unless by its deadline.
        case hangs
    }

    let seed: UInt64
    /// Of 100 attempts.
    let failures: Int
    let hangs: Int

    func answer(_ request: TaskRequest) -> Answer {
        let input = request.input.value
        let item = (input["Payload"] ?? input)["n"]?.text ?? "none"
        var draw = SeededGenerator.mix(seed &+ UInt64(request.retryCount) &* 0x9E37_79B9_7F4A_7C15)
        for byte in (request.state + "/" + item).utf8 { draw = SeededGenerator.mix(draw ^ UInt64(byte)) }
        switch Int(draw % 100) {
        case ..<failures: return .fails(Failure(error: "E", cause: "\(request.state) failed"))
        case ..<(failures + hangs) where request.deadline != nil: return .hangs
        default: return .succeeds(JSONText(trusted: #"{"state":"\#(request.state)","n":\#(item)}"#))
        }
    }
}
