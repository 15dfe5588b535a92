package import JSON

/// Something wrong or odd in a definition, and where.
package struct Diagnostic: Sendable, Hashable, CustomStringConvertible {
    package enum Severity: String, Sendable, Hashable {
        /// The definition cannot be run.
        case error = "ERROR"
        case warning = "WARNING"
    }

    package let severity: Severity
    package let code: DiagnosticCode
    package let message: String
    /// The place of the problem; `nil` where it is the whole definition's, as AWS has it.
    package let location: JSONPointer?
    /// The same place as AWS writes it, with indexes in brackets: `/States/Ship/Branches[0]/States/Pack`.
    package let place: String?

    package init(
        severity: Severity = .error,
        code: DiagnosticCode,
        message: String,
        location: JSONPointer?,
        place: String? = nil
    ) {
        self.severity = severity
        self.code = code
        self.message = message
        self.location = location
        self.place = place ?? location?.description
    }

    package var description: String { "\(code.rawValue): \(message)" + (place.map { " at \($0)" } ?? "") }
}

/// What kind of problem it is, by AWS's names.
///
/// Source: reference §1.
package enum DiagnosticCode: String, Sendable, CaseIterable {
    // Errors.
    case invalidJSONDescription = "INVALID_JSON_DESCRIPTION"
    case missingDescription = "MISSING_DESCRIPTION"
    case schemaValidationFailed = "SCHEMA_VALIDATION_FAILED"
    case invalidResource = "INVALID_RESOURCE"
    case missingEndState = "MISSING_END_STATE"
    case duplicateStateName = "DUPLICATE_STATE_NAME"
    case invalidStateName = "INVALID_STATE_NAME"
    case stateMachineNameEmpty = "STATE_MACHINE_NAME_EMPTY"
    case stateMachineNameInvalid = "STATE_MACHINE_NAME_INVALID"
    case stateMachineNameTooLong = "STATE_MACHINE_NAME_TOO_LONG"
    case stateMachineNameAlreadyExists = "STATE_MACHINE_NAME_ALREADY_EXISTS"
    case duplicateLabelName = "DUPLICATE_LABEL_NAME"
    case invalidLabelName = "INVALID_LABEL_NAME"
    case missingTransitionTarget = "MISSING_TRANSITION_TARGET"
    case tooDeeplyNested = "TOO_DEEPLY_NESTED"
    case invalidJSONataExpression = "INVALID_JSONATA_EXPRESSION"
    case unsupportedJSONataExpression = "UNSUPPORTED_JSONATA_EXPRESSION"
    case invalidVariableName = "INVALID_VARIABLE_NAME"
    case reservedVariableName = "RESERVED_VARIABLE_NAME"
    // Warnings.
    case noDollar = "NO_DOLLAR"
    case noPath = "NO_PATH"
    case passResultIsStatic = "PASS_RESULT_IS_STATIC"
}
