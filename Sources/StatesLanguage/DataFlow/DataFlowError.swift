package import JSONPath
package import JSON

/// Why the data of a state could not be read, shaped or put together.
package enum DataFlowError: Error, Sendable {
    /// A text is not a path: found when a definition is read.
    case malformedPath(String, PathError?)
    /// A text is neither a path nor the call of an intrinsic function.
    case malformedCall(String, reason: String)
    /// A path finds nothing in a field of a state.
    case invalidPath(String, PathError)
    /// A path begins at a variable that nothing was assigned to.
    case undefinedVariable(String, path: String)
    /// A path finds nothing in a field of a payload template, or in a field that may also hold an intrinsic function.
    case notFound(path: String, field: String, input: JSONValue)
    /// A path finds nothing as the argument of an intrinsic function.
    case argumentNotFound(path: String, call: String, input: JSONValue)
    /// An intrinsic function fails; `reason` is a clause.
    case intrinsic(call: String, reason: String)
    /// ResultPath leads through something that is not an object, or beyond an array's end.
    case resultPathMismatch(path: String, input: JSONValue)
    /// A path in a rule of a Choice finds nothing.
    case invalidConditionPath(String)
    /// The pattern of a StringMatches escapes what has no meaning escaped, or ends in its escape.
    case openEscape(pattern: String)
    /// A path that must find an array finds something else.
    case notAnArray(path: DataPath)
    /// The path of a field of seconds finds nothing.
    case secondsMissing(field: String, path: DataPath)
    /// What the path of a field of seconds finds is not a whole number.
    case secondsNotInteger(field: String, path: DataPath, value: JSONValue)
    /// What the path of a field of seconds finds is less than the field allows.
    case secondsNegative(field: String, path: DataPath, value: JSONValue)
    /// The path of TimestampPath finds nothing.
    case timestampMissing(path: DataPath)
    /// What TimestampPath finds is not a timestamp.
    case timestampMalformed(path: DataPath, value: JSONValue)
    /// A Wait state would last longer than the service allows.
    case waitTooLong
    /// What the path of a numeric field finds is not such a number; `kind` is `integer` or `float`.
    case notANumber(field: String, kind: String, path: DataPath, value: JSONValue)
    /// What the path of a count finds is less than 0.
    case negative(field: String, path: DataPath)
    /// What the path of a percentage finds is not from 0 to 100.
    case notAPercentage(field: String, path: DataPath)
    /// What an evaluation reads and makes is more than any limit of payloads allows.
    case tooLarge(state: String)
    /// What ErrorPath or CausePath yields is not a string.
    case notAString(field: String, path: String, value: JSONValue)
}

extension DataFlowError {
    /// The error's name, as Retry and Catch know it.
    ///
    /// The service says `States.Runtime` where the language has names such as `States.ParameterPathFailure` and
    /// `States.IntrinsicFailure` (recorded, and asl.md §4). Of a ResultPath nothing is recorded, so the language's name
    /// stands.
    package var errorName: String {
        switch self {
        case .resultPathMismatch: "States.ResultPathMatchFailure"
        case .tooLarge: "States.DataLimitExceeded"
        default: "States.Runtime"
        }
    }

    /// The service's text for it, without the sentence that names the state.
    ///
    /// It may hold parts of the payload, and is cut at the length that the service allows a cause.
    package var cause: String {
        let text = fullCause
        guard text.utf8.count > Self.maximumCause else { return text }
        return String(text.unicodeScalars.prefix(Self.maximumCause))
    }

    /// Source: Step Functions API reference, `SensitiveCause`.
    private static var maximumCause: Int { 32_768 }

    private var fullCause: String {
        switch self {
        case .malformedPath(let text, let reason): "Invalid path '\(text)'" + (reason.map { " : \($0)" } ?? "")
        case .malformedCall(let text, let reason): "Invalid intrinsic function call '\(text)': \(reason)"
        case .invalidPath(let path, let reason): "Invalid path '\(path)' : \(reason)"
        case .undefinedVariable(let name, let path):
            "Invalid path '\(path)' : No value is assigned to variable '\(name)'"
        case .notFound(let path, let field, let input):
            "The JSONPath '\(path)' specified for the field '\(field)' could not be found in the input '\(input.text)'"
        case .argumentNotFound(let path, let call, let input):
            "The function '\(call)' had the following error: "
                + "The JsonPath argument for the field '\(path)' could not be found in the input '\(input.text)'"
        case .intrinsic(let call, let reason): "The function '\(call)' had the following error: \(reason)"
        case .resultPathMismatch(let path, let input): "Unable to apply ReferencePath \(path) to input \(input.text)"
        case .invalidConditionPath(let path):
            "Invalid path '\(path)': The choice state's condition path references an invalid value."
        case .openEscape(let pattern): "The pattern '\(pattern)' of StringMatches has an open escape."
        case .notAnArray(let path): "Reference path \"\(path.withoutContextMark)\" must point to array."
        default: fieldCause
        }
    }

    /// A field's name without the `Path` at its end.
    private static func plainField(_ field: String) -> Substring {
        field.hasSuffix("Path") ? field.dropLast("Path".count) : field[...]
    }

    /// The texts of fields that hold the path to a time or a number.
    private var fieldCause: String {
        switch self {
        case .secondsMissing(let field, let path):
            "The \(field) parameter does not reference an input value: \(path)"
        case .secondsNotInteger(let field, let path, let value):
            "The \(field) parameter cannot be parsed as a long value: \(path) == \(value.plainText)"
        case .secondsNegative(let field, let path, let value):
            "The \(field) parameter references a negative value: \(path) == \(value.plainText)"
        case .timestampMissing(let path):
            "The TimestampPath parameter does not reference an input value: \(path)"
        case .timestampMalformed(let path, let value):
            "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: "
                + "\(path) == \(value.plainText)"
        case .notANumber(let field, let kind, let path, let value):
            "The \(field) field refers to value \"\(value.plainText)\" which is not a valid \(kind): \(path)"
        // Recorded of ToleratedFailureCountPath and ToleratedFailurePercentagePath: the field's own name, not the path's.
        case .negative(let field, _): "\(Self.plainField(field)) cannot be negative."
        case .notAPercentage(let field, _): "\(Self.plainField(field)) must be between 0 and 100."
        case .notAString(let field, let path, let value):
            "The \(field) field refers to value \"\(value.plainText)\" which is not a valid string: \(path)"
        case .tooLarge(let state):
            "The state/task '\(state)' provided parameters with a size exceeding the maximum number of bytes service limit."
        default: "Wait state delay is too long."
        }
    }
}

extension DataFlowError: CustomStringConvertible {
    /// One line that never holds a payload.
    package var description: String {
        switch self {
        case .notFound(let path, let field, _): "the path \(path) of the field \(field) finds nothing"
        case .argumentNotFound(let path, let call, _): "the path \(path), an argument in \(call), finds nothing"
        case .resultPathMismatch(let path, _): "the ResultPath \(path) does not fit the state's input"
        case .secondsNotInteger(let field, let path, _): "\(field) (\(path)) does not find a whole number"
        case .secondsNegative(let field, let path, _): "\(field) (\(path)) finds a number that is too small"
        case .timestampMalformed(let path, _): "TimestampPath (\(path)) does not find a timestamp"
        case .notANumber(let field, let kind, let path, _): "\(field) (\(path)) does not find a valid \(kind)"
        case .notAString(let field, let path, _): "\(field) (\(path)) does not yield a string"
        case .negative(let field, let path): "\(field) (\(path)) finds a number below 0"
        case .notAPercentage(let field, let path): "\(field) (\(path)) finds no number from 0 to 100"
        default: cause
        }
    }
}

extension DataPath {
    /// The path with `$` as its root also where it reads the context object: so the service names it in some texts.
    var withoutContextMark: String { readsContext ? String(text.dropFirst()) : text }
}

extension JSONValue {
    /// The value as texts of errors show it: a string without quotes, anything else as JSON.
    var plainText: String { string ?? text }
}
