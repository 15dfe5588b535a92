import Interpreter
import JSON
import StatesLanguage

/// The Lambda functions of the recordings, in Swift.
struct RecordedFunctions {
    /// File of each function's code, by the function's name.
    let files: [String: String]

    /// Answers an attempt as AWS Lambda and the integrations with it do.
    func answer(_ request: TaskRequest) -> VirtualRun.Answer {
        switch request.resource.kind {
        case .function(let function): return invoke(function.name, with: request.input.value, isService: false)
        case .service:
            let name = request.input.value["FunctionName"]?.string ?? ""
            let payload = request.input.value["Payload"] ?? .null
            // A null payload is none, and a function that is given none gets an empty object.
            return invoke(name, with: payload.isNull ? [:] : payload, isService: true)
        case .activity: return .hangs
        }
    }

    private func invoke(_ name: String, with payload: JSONValue, isService: Bool) -> VirtualRun.Answer {
        let bare = name.split(separator: ":").last.map(String.init) ?? name
        switch files[bare] {
        case "id_function.py": return success(payload, isService: isService)
        case "return_bytes_str.py": return success("HelloWorld!", isService: isService)
        case "return_decorated_input.py":
            return success(.string("input-event-\(Self.python(payload))"), isService: isService)
        case "large_output_string.py":
            return success(.string(String(repeating: "a", count: 257 * 1024)), isService: isService)
        case "raise_exception.py":
            let line = "line 2, in handler\n    raise Exception(\"Some exception was raised.\")\n"
            return failure("Exception", message: "Some exception was raised.", at: line, isService: isService)
        case "raise_custom_exception.py":
            let line = "line 9, in handler\n    raise CustomException()\n"
            return failure("CustomException", message: "", at: line, isService: isService)
        case "wait_60_seconds.py":
            guard case .succeeds(let output, _) = success(payload, isService: isService) else { return .hangs }
            return .succeeds(output, after: .seconds(60))
        default:
            return .fails(
                Failure(
                    error: "Lambda.ResourceNotFoundException",
                    cause: "Function not found: arn:aws:lambda:us-east-1:111111111111:function:\(name):$LATEST "
                        + "(Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException; "
                        + "Request ID: 00000000-0000-4000-8000-000000000000; Proxy: null)"
                )
            )
        }
    }

    private func success(_ payload: JSONValue, isService: Bool) -> VirtualRun.Answer {
        guard isService else { return .succeeds(JSONText(payload)) }
        return .succeeds(
            JSONText([
                "ExecutedVersion": "$LATEST", "Payload": payload, "SdkHttpMetadata": [:],
                "SdkResponseMetadata": [:], "StatusCode": 200,
            ])
        )
    }

    /// The cause is the function's own payload, spaces included; the integration writes it anew, without.
    private func failure(
        _ type: String,
        message: String,
        at line: String,
        isService: Bool
    ) -> VirtualRun.Answer {
        let payload: JSONValue = [
            "errorMessage": .string(message), "errorType": .string(type),
            "requestId": "00000000-0000-4000-8000-000000000000",
            "stackTrace": [.string("  File \"/var/task/handler.py\", \(line)")],
        ]
        return .fails(Failure(error: type, cause: isService ? payload.text : RecordedCase.pythonText(payload)))
    }

    /// A value as Python prints it.
    private static func python(_ value: JSONValue) -> String {
        switch value {
        case .null: "None"
        case .bool(let value): value ? "True" : "False"
        case .string(let text): "'\(text)'"
        case .number(let number): number.spelling
        case .array(let elements): "[" + elements.map(python).joined(separator: ", ") + "]"
        case .object(let members):
            "{" + members.map { "'\($0.key)': \(python($0.value))" }.joined(separator: ", ") + "}"
        }
    }
}
