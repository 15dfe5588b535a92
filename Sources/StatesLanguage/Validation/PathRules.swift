import JSON
import JSONPath

/// Paths and payload templates in the fields of a definition.
extension Fields {
    /// Reads a field that holds a Path, or a Reference Path where it must lead to exactly one place.
    func path(_ name: String, isReference: Bool = false) -> DataPath? {
        guard has(name), let text = string(name) else { return nil }
        return path(text, at: place(of: name), isReference: isReference)
    }

    /// Reads `InputPath` or `OutputPath`: a Path, or `null`.
    func pathField(_ name: String) -> PathField? {
        guard let value = object[name] else { return .whole }
        if value.isNull { return .null }
        return path(name).map { .path($0) }
    }

    /// Reads `ResultPath`: a Reference Path on the input, or `null`.
    func resultPathField() -> ResultPathField? {
        guard let value = object["ResultPath"] else { return .whole }
        if value.isNull { return .discard }
        guard let text = string("ResultPath") else { return nil }
        let place = place(of: "ResultPath")
        guard let path = try? DataPath(parsing: text) else {
            findings.schema(PathMessage.notAPath, at: place)
            return nil
        }
        guard text != "$" else { return .whole }
        guard path.root == .input else {
            findings.schema("Value is not a Reference Path: '\(text)' does not lead into the input", at: place)
            return nil
        }
        do {
            return .path(try ReferencePath(parsing: text))
        } catch {
            findings.schema(PathMessage.notAReference(text), at: place)
            return nil
        }
    }

    /// Reads a payload template, and notes every value in it that is neither a path nor a call.
    func template(_ name: String, mustBeObject: Bool = false) -> PayloadTemplate? {
        guard let value = object[name] else { return nil }
        guard !mustBeObject || value.object != nil else {
            findings.schema("Expected value of type Object", at: place(of: name))
            return nil
        }
        return template(value, at: place(of: name))
    }

    private func template(_ value: JSONValue, at place: JSONPointer) -> PayloadTemplate? {
        do {
            return try PayloadTemplate(compiling: value, at: place)
        } catch {
            for problem in error.problems { findings.schema(problem.message, at: problem.place) }
            return nil
        }
    }

    private func path(_ text: String, at place: JSONPointer, isReference: Bool) -> DataPath? {
        guard let path = try? DataPath(parsing: text) else {
            findings.schema(PathMessage.notAPath, at: place)
            return nil
        }
        guard isReference else { return path }
        guard path.isReferencePath else {
            findings.schema(PathMessage.notAReference(text), at: place)
            return nil
        }
        return path
    }

    /// Reads `ErrorPath` or `CausePath`: a Reference Path, or a call of an intrinsic function.
    func failPath(_ name: String) -> FailState.Field? {
        guard let text = string(name) else { return nil }
        if text.hasPrefix("$"), path(name, isReference: true) == nil { return nil }
        guard let value = try? DynamicValue(parsing: text, field: name) else {
            findings.schema(PathMessage.notAPathOrCall(name), at: place(of: name))
            return nil
        }
        return .dynamic(value)
    }
}

/// What AWS says of paths.
///
/// Source: conformance, and AWS's answers quoted in public issues.
enum PathMessage {
    static let notAPath = "Value must be a valid JSONPath."

    static func notAPathOrCall(_ field: String) -> String {
        "The value for the field '\(field)' must be a valid JSONPath or a valid intrinsic function call"
    }

    static func notAReference(_ path: String) -> String {
        "Value is not a Reference Path: '\(path)' may lead to more than one place"
    }
}
