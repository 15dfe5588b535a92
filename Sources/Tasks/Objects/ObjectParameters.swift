import JSON

/// The parameters of a Task that calls S3, taken one by one; what is left at the end, the action does not have.
struct ObjectParameters {
    private var members: JSONObject

    init(_ input: JSONText) throws(CallError) {
        guard case .object(let members) = input.value else { throw .misfit(["The parameters must be an object"]) }
        self.members = members
    }

    /// Takes a value; a null is none.
    mutating func value(_ name: String) -> JSONValue? {
        let value = members[name]
        members[name] = nil
        return value.flatMap { $0.isNull ? nil : $0 }
    }

    mutating func text(_ name: String) throws(CallError) -> String? {
        guard let value = value(name) else { return nil }
        guard let text = value.string else {
            throw .misfit(["The value for the field '\(name)' must be a STRING"])
        }
        return text
    }

    mutating func required(_ name: String) throws(CallError) -> String {
        guard let text = try text(name) else { throw .misfit(["The field '\(name)' is required but was missing"]) }
        return text
    }

    mutating func count(_ name: String) throws(CallError) -> Int? {
        guard let value = value(name) else { return nil }
        guard let number = value.int, number >= 0 else {
            throw .misfit(["The value for the field '\(name)' must be an INTEGER of 0 or more"])
        }
        return number
    }

    mutating func texts(_ name: String) throws(CallError) -> [String: String] {
        guard let value = value(name) else { return [:] }
        guard case .object(let object) = value else {
            throw .misfit(["The value for the field '\(name)' must be an OBJECT"])
        }
        var result: [String: String] = [:]
        for (key, value) in object {
            guard let text = value.string else {
                throw .misfit(["The value for the field '\(name).\(key)' must be a STRING"])
            }
            result[key.lowercased()] = text
        }
        return result
    }

    /// Makes sure that nothing is left.
    func end() throws(CallError) {
        guard members.isEmpty else {
            throw .misfit(members.keys.map { "The field \"\($0)\" is not supported by Step Functions" })
        }
    }
}
