package import HTTPClient
import JSON

/// An endpoint of Lambda's Invoke API: what `LAMBDA_ENDPOINT` names, by the convention of AWS Step Functions Local.
package struct LambdaEndpoint: Sendable {
    private let url: String
    private let client: HTTPClient

    /// An endpoint at an address such as `http://127.0.0.1:9100`.
    package init(url: String, client: HTTPClient = HTTPClient()) {
        self.url = url.hasSuffix("/") ? String(url.dropLast()) : url
        self.client = client
    }

    /// Invokes a function there.
    ///
    /// A function that failed is told apart from an endpoint that refuses by `X-Amz-Function-Error`. What the endpoint refuses
    /// is an error of the service, named `Lambda.` and the exception, with a cause as AWS's SDK words it.
    func invoke(_ function: FunctionReference, _ invocation: Invocation) async -> InvocationOutcome {
        let timeout = invocation.deadline.map { $0 - .now } ?? .seconds(900)
        let request = HTTPClientRequest(
            method: "POST",
            url: "\(url)/2015-03-31/functions/\(Self.escaped(function.text))/invocations",
            headers: [
                ("Content-Type", "application/json"),
                ("X-Amz-Invocation-Type", "RequestResponse"),
                ("X-Amzn-RequestId", invocation.requestID),
            ] + invocation.traceHeaders,
            body: Array(invocation.payload.text.utf8),
            timeout: max(timeout, .milliseconds(1)) + .seconds(1),
            maxResponseBytes: 6_291_556
        )
        let response: HTTPClientResponse
        do { response = try await client.request(request) } catch {
            return .failure(error, requestID: invocation.requestID, timeoutSeconds: nil)
        }
        guard (200..<300).contains(response.status) else { return Self.refusal(response, invocation.requestID) }
        guard response.header("X-Amz-Function-Error") == nil else { return .failure(payload: response.text) }
        return .result(response.body, InvocationResponse(response, requestID: invocation.requestID))
    }

    private static func refusal(_ response: HTTPClientResponse, _ requestID: String) -> InvocationOutcome {
        let body = try? JSONValue(parsing: response.body)
        let type = response.header("x-amzn-ErrorType") ?? body?["__type"]?.string ?? body?["Type"]?.string
        // "com.amazonaws.lambda#ServiceException:http://..." and "ServiceException" are the same.
        let code = type?.split(separator: ":").first?.split(separator: "#").last.map(String.init)
        let message = (body?["Message"] ?? body?["message"])?.string ?? response.text
        return LambdaServiceError(
            code: code.flatMap { $0.hasSuffix("Exception") ? $0 : nil } ?? "AWSLambdaException",
            message: message,
            statusCode: response.status,
            requestID: response.header("x-amzn-RequestId") ?? requestID
        ).outcome
    }

    private static func escaped(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        return text.utf8.reduce(into: "") { result, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default: result += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
    }
}

/// What Lambda's service itself answers instead of a function, worded as Step Functions passes it on.
package struct LambdaServiceError: Sendable, Equatable {
    /// The exception, such as `ResourceNotFoundException`.
    package let code: String
    /// What the service said.
    package let message: String
    /// The status code.
    package let statusCode: Int
    /// The id of the refused request.
    package let requestID: String

    package init(code: String, message: String, statusCode: Int, requestID: String) {
        self.code = code
        self.message = message
        self.statusCode = statusCode
        self.requestID = requestID
    }

    /// There is no such function; what AWS answers when nothing serves a Resource.
    package static func functionNotFound(
        _ reference: FunctionReference,
        in settings: FunctionSettings,
        requestID: String
    ) -> LambdaServiceError {
        let arn = reference.arn(in: settings) + (reference.qualifier == nil ? ":$LATEST" : "")
        return LambdaServiceError(
            code: "ResourceNotFoundException",
            message: "Function not found: \(arn)",
            statusCode: 404,
            requestID: requestID
        )
    }

    /// The error's name.
    package var error: String { "Lambda.\(code)" }

    /// The error's cause.
    package var cause: String {
        "\(message) (Service: AWSLambda; Status Code: \(statusCode); Error Code: \(code); Request ID: \(requestID);"
            + " Proxy: null)"
    }

    /// A Task's failure.
    package var outcome: InvocationOutcome { .failure(error: error, cause: cause) }
}
