import JSON
import StatesLanguage
import Testing

@Suite("Definitions that were given to AWS", .shared)
struct ConformanceDefinitionTests {
    /// A definition of a case, and whether AWS took it.
    struct Recorded {
        let id: String
        let definition: String
        let type: StateMachineType
        /// AWS's message, where it refused the definition.
        var refusal: String?
    }

    @Test("are accepted where AWS accepted them")
    func accepted() throws {
        let recorded = try Self.recorded().filter { $0.refusal == nil }
        #expect(recorded.count > 300)
        for item in recorded {
            let errors = Validator.diagnostics(of: item.definition, type: item.type).filter { $0.severity == .error }
            #expect(errors.isEmpty, "\(item.id): \(errors)")
        }
    }

    @Test("are refused in AWS's words where AWS refused them")
    func refused() throws {
        let recorded = try Self.recorded().filter { $0.refusal != nil }
        #expect(recorded.count > 8)
        for item in recorded {
            let diagnostics = Validator.diagnostics(of: item.definition, type: item.type)
            #expect(InvalidDefinition(diagnostics: diagnostics).description == item.refusal, "\(item.id)")
        }
    }

    @Test("get AWS's diagnostics where they were only validated")
    func diagnostics() throws {
        var count = 0
        for (id, step, expected) in try Self.steps(calling: "validate_state_machine_definition") {
            guard let answer = step["match"]?.string.flatMap({ expected[$0] }) else { continue }
            let definition = try #require(Self.definition(in: step["args"]))
            let diagnostics = Validator.diagnostics(of: definition, type: Self.type(in: step["args"]))
            let rendered = diagnostics.map { diagnostic -> JSONValue in
                var members: JSONObject = [
                    "code": .string(diagnostic.code.rawValue), "message": .string(diagnostic.message),
                    "severity": .string(diagnostic.severity.rawValue),
                ]
                members["location"] = diagnostic.place.map { .string($0) }
                return .object(members)
            }
            #expect(answer["diagnostics"] == .array(rendered), "\(id)")
            count += 1
        }
        #expect(count == 7)
    }
}

// MARK: - Reading the cases

extension ConformanceDefinitionTests {
    static func cases() throws -> [JSONValue] {
        try SharedFolder.files(in: "conformance/cases", ending: ".json").flatMap { file in
            try JSONValue(parsing: SharedFolder.text(of: "conformance/cases/\(file)")).array ?? []
        }
    }

    static func steps(calling call: String) throws -> [(id: String, step: JSONValue, expected: JSONValue)] {
        try cases().flatMap { item in
            (item["steps"]?.array ?? []).filter { $0["call"]?.string == call }.map { step in
                (item["id"]?.string ?? "", step, item["expected"] ?? .null)
            }
        }
    }

    static func definition(in args: JSONValue?) -> String? {
        guard let value = args?["definition"] else { return nil }
        return value.string ?? value["$json"]?.text
    }

    static func type(in args: JSONValue?) -> StateMachineType {
        args?["type"]?.string.flatMap(StateMachineType.init(rawValue:)) ?? .standard
    }

    static func recorded() throws -> [Recorded] {
        var all: [Recorded] = []
        for item in try cases() where item["kind"]?.string == "execution" {
            guard let definition = item["definitionText"]?.string ?? item["definition"]?.text else { continue }
            let type = item["stateMachineType"]?.string.flatMap(StateMachineType.init(rawValue:)) ?? .standard
            all.append(Recorded(id: item["id"]?.string ?? "", definition: definition, type: type))
        }
        for call in ["create_state_machine", "update_state_machine"] {
            for (id, step, expected) in try steps(calling: call) {
                guard let definition = definition(in: step["args"]) else { continue }
                var recorded = Recorded(id: id, definition: definition, type: type(in: step["args"]))
                if step["error"]?.bool == true {
                    guard let refusal = refusal(in: expected) else { continue }
                    recorded.refusal = refusal
                }
                all.append(recorded)
            }
        }
        return all
    }

    /// AWS's message of an `InvalidDefinition` in a case's answers; not what LocalStack wrote in its place.
    private static func refusal(in expected: JSONValue) -> String? {
        for (_, answer) in expected.object ?? [:] {
            let text = answer["message"]?.string ?? answer["exception_value"]?.string ?? ""
            guard let start = text.firstRange(of: "Invalid State Machine Definition: ") else { continue }
            // The partition is recorded as a placeholder.
            return String(text[start.lowerBound...]).replacing("<partition>", with: "aws")
        }
        return nil
    }
}
