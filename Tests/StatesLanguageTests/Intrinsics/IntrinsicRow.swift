import JSON
import StatesLanguage
import Testing

/// A call of an intrinsic function, and what comes of it.
struct IntrinsicRow: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let call: String
    var input: JSONValue = .object([:])
    /// The value's JSON, so that the spelling of numbers counts.
    let result: String?
    /// A part of the cause, where it fails.
    let cause: String

    init(_ testDescription: String, _ call: String, on input: JSONValue = [:], gives result: String) {
        (self.testDescription, self.call, self.input) = (testDescription, call, input)
        (self.result, cause) = (result, "")
    }

    init(_ testDescription: String, _ call: String, on input: JSONValue = [:], failsWith cause: String) {
        (self.testDescription, self.call, self.input) = (testDescription, call, input)
        (result, self.cause) = (nil, cause)
    }

    func check(sourceLocation: SourceLocation = #_sourceLocation) {
        var generator = CountingGenerator()
        do {
            let call = try IntrinsicCall(parsing: call)
            let value = try call.evaluate(in: Scope(input: input, context: .recorded()), using: &generator)
            #expect(value.text == result, sourceLocation: sourceLocation)
        } catch {
            #expect(result == nil && error.errorName == "States.Runtime", sourceLocation: sourceLocation)
            #expect(error.cause.contains(cause), "\(error.cause)", sourceLocation: sourceLocation)
        }
    }
}
