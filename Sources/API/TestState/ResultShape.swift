import JSON

/// The shape of a service's answer, as a Task's result has it: members in PascalCase, times and bytes as text.
indirect enum ResultShape: Sendable {
    case structure([String: ResultShape], required: [String] = [])
    case list(ResultShape)
    /// An object of any keys.
    case map(ResultShape)
    /// Text, bytes or an instant.
    case string(length: ClosedRange<Int>? = nil)
    case word(of: Set<String>)
    case number(ClosedRange<Double>? = nil)
    case boolean
    /// A shape that holds itself.
    case deferred(@Sendable () -> ResultShape)

    /// Why a value does not fit, in AWS's words.
    ///
    /// Source: recorded test_field_validation_mode. The greatest length is the one of which nothing is recorded.
    struct Mismatch: Error, CustomStringConvertible {
        let description: String
    }

    /// Refuses a value that does not fit; members that the shape does not know are passed over.
    ///
    /// - Parameters:
    ///   - value: The whole answer.
    ///   - requiringAll: Whether members that the service always gives must be there.
    /// - Throws: The first thing that does not fit.
    func check(_ value: JSONValue, requiringAll: Bool) throws(Mismatch) {
        guard value.object != nil else { throw Mismatch(description: "Result must be an object") }
        try check(value, as: "", requiringAll)
    }

    private func check(_ value: JSONValue, as name: String, _ requiringAll: Bool) throws(Mismatch) {
        switch self {
        case .structure(let members, let required):
            guard let object = value.object else { throw Self.mistyped(name, "an object") }
            if requiringAll, let missing = required.first(where: { object[$0] == nil }) {
                throw Mismatch(description: "Required field '\(missing)' is missing")
            }
            for (key, value) in object { try members[key]?.check(value, as: key, requiringAll) }
        case .list(let element):
            guard let elements = value.array else { throw Self.mistyped(name, "an array") }
            for value in elements { try element.check(value, as: name, requiringAll) }
        case .map(let element):
            guard let object = value.object else { throw Self.mistyped(name, "an object") }
            for (_, value) in object { try element.check(value, as: name, requiringAll) }
        case .string(let length):
            guard let text = value.string else { throw Self.mistyped(name, "a string") }
            guard let length else { return }
            let count = text.utf16.count
            if count < length.lowerBound { throw Self.misfit(name, "is smaller than the minimum length") }
            if count > length.upperBound { throw Self.misfit(name, "exceeds the maximum length") }
        case .word(let words):
            guard let text = value.string else { throw Self.mistyped(name, "a string") }
            guard words.contains(text) else { throw Self.misfit(name, "is not an expected value") }
        case .number(let range):
            guard case .number(let number) = value else { throw Self.mistyped(name, "a number") }
            guard let range else { return }
            if number.double < range.lowerBound { throw Self.misfit(name, "is less than the minimum value") }
            if number.double > range.upperBound { throw Self.misfit(name, "exceeds the maximum value") }
        case .boolean:
            guard value.bool != nil else { throw Self.mistyped(name, "a boolean") }
        case .deferred(let shape):
            try shape().check(value, as: name, requiringAll)
        }
    }

    private static func mistyped(_ name: String, _ type: String) -> Mismatch { misfit(name, "must be \(type)") }

    private static func misfit(_ name: String, _ reason: String) -> Mismatch {
        Mismatch(description: "Field '\(name)' \(reason)")
    }
}
