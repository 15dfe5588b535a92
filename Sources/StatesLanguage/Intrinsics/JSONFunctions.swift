import JSON

/// JSON as text and back, and merging objects.
extension IntrinsicEvaluator {
    /// The value of a JSON text; a blank one is `null` (recorded, test_string_to_json).
    func stringToJSON(_ values: IntrinsicValues) throws(IntrinsicFailure) -> JSONValue {
        let text = try values.string(0)
        guard text.utf8.contains(where: { $0 > UInt8(ascii: " ") }) else { return .null }
        do {
            let value = try JSONValue(parsing: text)
            // Negative zero is an integer without a sign there.
            return value.number?.spelling == "-0" ? 0 : value
        } catch {
            throw values.invalid()
        }
    }

    func jsonToString(_ values: IntrinsicValues) -> JSONValue { .string(values[0].text) }

    /// The members of both objects, those of the second one where both have them.
    ///
    /// Merging deeply is refused, as the service does. Source: Step Functions Developer Guide, "Intrinsic functions".
    func jsonMerge(_ values: IntrinsicValues) throws(IntrinsicFailure) -> JSONValue {
        var merged = try values.object(0)
        let second = try values.object(1)
        guard let isDeep = values[2].bool else { throw values.invalid() }
        guard !isDeep else { throw values.invalid("merging deeply is not supported") }
        for (key, value) in second { merged[key] = value }
        return .object(merged)
    }
}
