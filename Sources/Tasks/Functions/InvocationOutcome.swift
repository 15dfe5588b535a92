import Interpreter
package import JSON

/// What came of invoking a function.
package enum InvocationOutcome: Sendable, Equatable {
    /// The function answered.
    case success(payload: JSONText, InvocationResponse)
    /// The function, or the way to it, failed: the names are those of Lambda, the cause is a failed function's payload to
    /// the letter.
    case failure(error: String, cause: String)
    /// Nobody who can be reached from here serves a function of that name.
    case unserved
    /// The invoking task was cancelled.
    case cancelled

    /// A failure as a function's own answer tells it: the payload's `errorType` is the error, else `Lambda.Unknown`.
    static func failure(payload: String) -> InvocationOutcome {
        let type = (try? JSONValue(parsing: payload))?["errorType"]?.string
        return .failure(error: type ?? "Lambda.Unknown", cause: payload)
    }

    /// A failure whose payload Lambda makes up itself.
    static func failure(_ type: String, _ message: String) -> InvocationOutcome {
        let payload: JSONValue = ["errorType": .string(type), "errorMessage": .string(message)]
        return .failure(error: type, cause: payload.text)
    }

    /// A success if the bytes are JSON; nothing at all counts as `null`.
    ///
    /// What Lambda's Invoke API returns need not be JSON, but a Task's result must be. Of one that is too long for a result
    /// that is all that counts: it goes on as a string, for the interpreter to refuse.
    static func result(_ bytes: [UInt8], _ response: InvocationResponse) -> InvocationOutcome {
        guard !bytes.isEmpty else { return .success(payload: JSONText(.null), response) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return .failure("Lambda.Unknown", "The function's result is not valid JSON: it is not UTF-8")
        }
        do { return .success(payload: try JSONText(validating: text), response) } catch {
            guard bytes.count <= Limits().maxPayloadBytes else {
                return .success(payload: JSONText(.string(text)), response)
            }
            return .failure("Lambda.Unknown", "The function's result is not valid JSON: \(error)")
        }
    }
}

/// What is told about an answer beside its payload, as the Invoke API's response.
package struct InvocationResponse: Sendable, Equatable {
    /// The status code.
    package var statusCode: Int
    /// The version that ran.
    package var executedVersion: String
    /// Lambda's id of the invocation.
    package var requestID: String
    /// The header fields that came with the answer over HTTP, in order; none for functions that Braid runs itself.
    package var headers: [Header]

    /// A header field.
    package struct Header: Sendable, Equatable {
        package let name: String
        package let value: String
    }

    package init(
        statusCode: Int = 200,
        executedVersion: String = "$LATEST",
        requestID: String,
        headers: [Header] = []
    ) {
        self.statusCode = statusCode
        self.executedVersion = executedVersion
        self.requestID = requestID
        self.headers = headers
    }
}

/// One invocation, as what performs it sees it.
struct Invocation: Sendable {
    let requestID: String
    let arn: String
    let payload: JSONText
    var origin: InvocationOrigin? = nil
    /// When the invocation's caller gives up.
    let deadline: ContinuousClock.Instant?
    /// How long the function may take once it has begun.
    var timeout: Duration = .seconds(900)

    /// How long there is from now on, for one that begins now.
    var timeLeft: Duration { deadline.map { min($0 - .now, timeout) } ?? timeout }
}
