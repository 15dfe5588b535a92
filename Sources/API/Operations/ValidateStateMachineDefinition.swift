import JSON
import StatesLanguage

/// Says what is wrong or odd about a definition, without keeping it.
struct ValidateStateMachineDefinition: Operation {
    let definition: String
    let type: StateMachineType
    let withWarnings: Bool
    let limit: Int

    init(_ members: inout RequestMembers) throws(ServiceError) {
        definition = try members.string("definition", length: 1...1_048_576, isSecret: true)
        type = StateMachineType(rawValue: try members.word("type", of: ["STANDARD", "EXPRESS"]) ?? "") ?? .standard
        withWarnings = try members.word("severity", of: ["ERROR", "WARNING"]) == "WARNING"
        let asked = try members.integer("maxResults", in: 0...100) ?? 0
        limit = asked == 0 ? 100 : asked
    }

    func answer(from service: Service) async throws(ServiceError) -> JSONObject { shape() }

    func shape() -> JSONObject {
        let all = Validator.diagnostics(of: definition, type: type)
        let shown = all.filter { withWarnings || $0.severity == .error }
        return [
            "result": all.contains { $0.severity == .error } ? "FAIL" : "OK",
            "diagnostics": .array(
                shown.prefix(limit).map { diagnostic in
                    var shape: JSONObject = [
                        "severity": .string(diagnostic.severity.rawValue),
                        "code": .string(diagnostic.code.rawValue),
                        "message": .string(diagnostic.message),
                    ]
                    if let place = diagnostic.place { shape["location"] = .string(place) }
                    return .object(shape)
                }
            ),
            "truncated": .bool(shown.count > limit),
        ]
    }
}
