import JSON

/// One object of a definition, read field by field: what is wrong with a field is noted when it is read.
///
/// An absent field and one that is wrong both read as `nil`; the difference is in ``findings``. Texts: measured with
/// ValidateStateMachineDefinition, where a conformance case does not record them.
struct Fields {
    let object: JSONObject
    let place: JSONPointer
    let findings: Findings
    /// In JSONata a string `{% … %}` may stand for a value of any type.
    var language = QueryLanguage.jsonPath

    func has(_ name: String) -> Bool { object[name] != nil }

    func place(of name: String) -> JSONPointer { place.appending(name) }

    func string(_ name: String) -> String? { typed(name, "String") { $0.string } }

    func boolean(_ name: String) -> Bool? { typed(name, "Boolean") { $0.bool } }

    func array(_ name: String) -> [JSONValue]? { typed(name, "Array") { $0.array } }

    /// Reads an array that must have elements.
    func nonEmptyArray(_ name: String) -> [JSONValue]? {
        guard let elements = array(name) else { return nil }
        if elements.isEmpty { findings.schema("Value cannot be empty", at: place(of: name)) }
        return elements.isEmpty ? nil : elements
    }

    func fields(_ name: String) -> Fields? {
        typed(name, "Object") { $0.object }.map { nested($0, at: place(of: name)) }
    }

    /// Reads an element of an array as an object.
    func fields(_ element: JSONValue, at place: JSONPointer) -> Fields? {
        guard let object = element.object else {
            findings.schema("Expected value of type Object", at: place)
            return nil
        }
        return nested(object, at: place)
    }

    /// Reads an integer within a range; also `1.0` and `1e2` are integers.
    func integer(_ name: String, in range: ClosedRange<Int>) -> Int? {
        guard let number = typed(name, "Integer", { $0.number }) else { return nil }
        guard let value = number.int else {
            // A whole number beyond 64 bits is out of every range; anything else is no integer.
            if number.double.rounded() == number.double, abs(number.double) >= 9e18 {
                outOfRange(number.double < 0 ? .min : .max, range, at: place(of: name))
            } else {
                findings.schema("Expected value of type Integer", at: place(of: name))
            }
            return nil
        }
        guard range.contains(value) else {
            outOfRange(value, range, at: place(of: name))
            return nil
        }
        return value
    }

    /// Reads a finite number within a range.
    func number(_ name: String, in range: ClosedRange<Double>) -> Double? {
        guard let value = typed(name, "Number", { $0.double }) else { return nil }
        guard range.contains(value) else {
            let bound = value < range.lowerBound ? range.lowerBound : range.upperBound
            let text = JSONNumber(bound).spelling
            let message = value < range.lowerBound ? "Minimum value is \(text)" : "Maximum value is \(text)"
            findings.schema(message, at: place(of: name))
            return nil
        }
        return value
    }

    /// Reads one of a few strings.
    func choice<Value: CaseIterable & RawRepresentable>(_ name: String, of type: Value.Type = Value.self) -> Value?
    where Value.RawValue == String {
        guard let value = object[name] else { return nil }
        guard let text = value.string else {
            findings.schema("Expected value of type [STRING]", at: place(of: name))
            return nil
        }
        guard let choice = Value(rawValue: text) else {
            let names = Value.allCases.map(\.rawValue).joined(separator: ", ")
            findings.schema("Value should be one of the following: [\(names)]", at: place(of: name))
            return nil
        }
        return choice
    }

    private func nested(_ object: JSONObject, at place: JSONPointer) -> Fields {
        Fields(object: object, place: place, findings: findings, language: language)
    }

    private func typed<Value>(_ name: String, _ type: String, _ cast: (JSONValue) -> Value?) -> Value? {
        guard let value = object[name] else { return nil }
        if let cast = cast(value) { return cast }
        if language == .jsonata, value.string?.hasPrefix("{%") == true { return nil }
        findings.schema("Expected value of type \(type)", at: place(of: name))
        return nil
    }

    private func outOfRange(_ value: Int, _ range: ClosedRange<Int>, at place: JSONPointer) {
        let isBelow = value < range.lowerBound
        findings.schema(
            isBelow ? "Minimum value is \(range.lowerBound)" : "Maximum value is \(range.upperBound)",
            at: place
        )
    }
}
