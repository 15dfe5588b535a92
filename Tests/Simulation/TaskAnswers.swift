import Engine
import Interpreter
import JSON
import StatesLanguage

/// What the functions answer: the same for the same state, input and retry, whoever performs it and however often.
struct TaskAnswers {
    enum Answer {
        case succeeds(JSONText)
        case fails(Failure)
        /// It never ends, unless by its deadline; a callback may come about then.
        case hangs(JSONText)
    }

    /// Whether the call of a Task that waits for its token fails.
    func losesCall(_ request: TaskRequest) -> Bool { draw(request) >> 32 % 30 == 0 }

    let seed: UInt64
    /// Of 100 attempts.
    let failures: Int
    let hangs: Int

    func answer(_ request: TaskRequest) -> Answer {
        let output = JSONText(trusted: #"{"state":"\#(request.state)","n":\#(item(request))}"#)
        switch Int(draw(request) % 100) {
        case ..<failures: return .fails(Failure(error: "E", cause: "\(request.state) failed"))
        case ..<(failures + hangs): return .hangs(output)
        default: return .succeeds(output)
        }
    }

    private func item(_ request: TaskRequest) -> String {
        let input = request.input.value
        return (input["Payload"] ?? input)["n"]?.text ?? "none"
    }

    private func draw(_ request: TaskRequest) -> UInt64 {
        var draw = SeededGenerator.mix(seed &+ UInt64(request.retryCount) &* 0x9E37_79B9_7F4A_7C15)
        for byte in (request.state + "/" + item(request)).utf8 { draw = SeededGenerator.mix(draw ^ UInt64(byte)) }
        return draw
    }
}
